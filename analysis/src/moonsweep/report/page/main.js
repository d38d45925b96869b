// Puts the page together, and changes it when a threshold is moved.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

function showCounts() {
  const states = Object.entries(report.counts).filter(([, number]) => number > 0)
    .map(([status, number]) => `${number.toLocaleString("en")} ${status}`);
  document.getElementById("counts").textContent = `${count(report.configurations, "configuration")}: ${states.join(", ")}`;
}

// What a reader should know before looking at numbers: what is missing, and what was left out.
function showNotes() {
  const details = decode(report.details.configs).length;
  const { pending, diverged, dropped } = report.counts;
  const notes = [
    pending > 0 && `The sweep is not complete: ${count(pending, "configuration")} ${pending === 1 ? "is" : "are"} pending.`,
    diverged > 0 && `${count(diverged, "configuration")} diverged; their accuracies are those of their last finite parameters, and they are never selected.`,
    dropped > 0 && `${count(dropped, "configuration")} ${dropped === 1 ? "was" : "were"} dropped by successive halving, without accuracies.`,
    rowCount < report.configurations &&
      `The table contains ${rowCount.toLocaleString("en")} of ${count(report.configurations, "configuration")}: the selection, then those with the best dev accuracy.`,
    details < rowCount &&
      `Cost curves and boundaries are there for ${details.toLocaleString("en")} of ${count(report.configurations, "configuration")}: the selection, then those with the best dev accuracy.`,
    report.samples.some(({ train, dev }) => decode(train.y).length < train.count || decode(dev.y).length < dev.count) &&
      "Boundaries are drawn with some of the samples.",
  ].filter(Boolean);
  document.getElementById("notes").replaceChildren(...notes.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

function showAnswers(selected) {
  const best = bestOnDev();
  const result = (row) => `${columns.config[row]}: ${describe(row)}; dev ${percent(columns.dev_accuracy[row])} %, ${seconds(columns.train_cpu_seconds[row])} s`;
  const answers = [
    ["Selected", `${selected.length.toLocaleString("en")} of ${count(report.configurations, "configuration")}`],
    ["Quickest of the selection", selected.length > 0 ? result(selected[0]) : "No configuration meets the thresholds."],
    ["Best on the dev set", best === undefined ? "No configuration is done." : result(best)],
  ];
  document.getElementById("answers").replaceChildren(...answers.flatMap(([term, text]) => {
    const elements = [document.createElement("dt"), document.createElement("dd")];
    elements[0].textContent = term;
    elements[1].textContent = text;
    return elements;
  }));
  const axes = [...brushes.keys()].map((axis) => AXIS_NAMES[axis] ?? "dev accuracy");
  document.getElementById("selected").textContent =
    `${count(selected.length, "configuration")} selected` + (axes.length > 0 ? `, within ranges of ${axes.join(", ")}` : "");
}

const drawSelectionSoon = oncePerFrame(drawSelection);

function drawSelection() {
  select();
  showAnswers(selection());
  showPick();
  table.draw();
  drawTimes(choose);
  drawParallel(drawSelectionSoon);
  drawHeatmap(choose);
}

function drawAll() {
  drawSelection();
  drawChosen();
  drawImportance();
  drawTimeline();
}

// Draws once for all changes since the last frame, because a slider sends many events.
function oncePerFrame(draw) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw();
    });
  };
}

document.addEventListener("DOMContentLoaded", () => {
  showCounts();
  showNotes();
  makeTable();
  for (const name of Object.keys(SCALES)) connectThreshold(name, drawSelectionSoon);
  connectClearing(drawSelectionSoon);
  connectHeatmap(() => drawHeatmap(choose));
  connectTheme(drawAll);
  document.documentElement.dataset.ready = "true";
});
