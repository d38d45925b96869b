// Accuracy against processor time: a point for each configuration.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const SYMBOLS = ["circle", "triangle-up", "square", "diamond", "triangle-down", "cross"];

// The axis is logarithmic in the error, so that good configurations have as much space as bad ones.
const ERRORS = [100, 90, 80, 70, 60, 50, 40, 30, 20, 15, 10, 7, 5, 4, 3, 2, 1, 0.5, 0.2, 0.1];
const SMALLEST_ERROR = 0.1; // where an accuracy of 100 % is drawn

function drawTimes(choose) {
  const element = document.getElementById("times");
  const known = allRows.filter((row) => !Number.isNaN(columns.dev_accuracy[row]));
  if (known.length === 0) return drawNothing(element, "No configuration has an accuracy yet.");
  const rows = thinRows(known, MOST_POINTS, (row) => isSelected[row]);
  const traces = [];
  Object.entries(report.colours).forEach(([activation, color], place) => {
    const ofActivation = rows.filter((row) => columns.activation[row] === activation);
    const isDiverged = (row) => columns.status[row] === "diverged";
    const groups = {
      selection: ofActivation.filter((row) => isSelected[row]),
      others: ofActivation.filter((row) => !isSelected[row] && !isDiverged(row)),
      diverged: ofActivation.filter(isDiverged),
    };
    const symbol = SYMBOLS[place % SYMBOLS.length];
    traces.push(
      points(groups.others, activation, { color, symbol, size: 6, opacity: isDark() ? 0.65 : 0.4 }, groups.selection.length === 0),
      points(groups.diverged, `${activation}, diverged`, { color, symbol: "x-thin-open", size: 8 }, groups.diverged.length > 0),
      points(groups.selection, activation, { color, symbol, size: 9, line: { width: 1, color: cssColour("--page") } }, true),
    );
  });
  draw(element, traces, {
    height: 440, showlegend: true,
    xaxis: axisStyle("processor time of training / s", { type: "log", exponentformat: "power", dtick: 1 }),
    yaxis: axisStyle("dev accuracy / %", {
      type: "log", autorange: "reversed", tickvals: ERRORS, ticktext: ERRORS.map((error) => short(100 - error, 5)),
    }),
  }, (figure) => connectClicks(figure, choose));
  note("times", [
    "Crosses are diverged configurations, with the accuracy of their last finite parameters.".repeat(
      rows.some((row) => columns.status[row] === "diverged")),
    rows.length < known.length &&
      `${rows.length.toLocaleString("en")} of ${count(known.length, "configuration")} are drawn, the selection first.`,
  ]);
}

function points(rows, name, marker, showlegend) {
  return {
    type: "scatter", mode: "markers", name: escapeHtml(name), marker, showlegend,
    x: rows.map((row) => columns.train_cpu_seconds[row]), y: rows.map((row) => Math.max(100 - columns.dev_accuracy[row], SMALLEST_ERROR)),
    customdata: rows, text: rows.map(hoverText), hoverinfo: "text",
  };
}
