// The configurations that are compared: a card for each, with its numbers and its decision boundary.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const MOST_CHOSEN = 4;
let chosen = []; // rows, in the order in which they were chosen
let isChosenByUser = false; // until then, the pick is shown

function choose(row) {
  if (!isChosenByUser) chosen = chosen.filter((other) => other === row);
  const isRemoved = isChosenByUser && chosen.includes(row);
  chosen = chosen.filter((other) => other !== row);
  if (!isRemoved) chosen = [...chosen, row].slice(-MOST_CHOSEN);
  isChosenByUser = true;
  drawChosen();
}

// Shows the quickest of the selection, or the best if it is empty, as long as nothing was chosen.
function showPick() {
  if (isChosenByUser) return;
  const pick = selection()[0] ?? bestOnDev();
  const wanted = pick === undefined ? [] : [pick];
  if (wanted[0] === chosen[0]) return;
  chosen = wanted;
  drawChosen();
}

function drawChosen() {
  const holder = document.getElementById("chosen");
  for (const old of holder.querySelectorAll(".figure")) erase(old);
  holder.replaceChildren(...chosen.map(card));
  drawCosts(chosen);
  for (const element of holder.querySelectorAll(".figure")) drawBoundary(element, Number(element.dataset.row));
  for (const button of document.querySelectorAll("button.config")) markButton(button);
}

function markButton(button) {
  button.setAttribute("aria-pressed", String(chosen.includes(Number(button.dataset.row))));
}

function card(row) {
  const config = columns.config[row];
  const made = document.createElement("article");
  made.className = "card";
  made.dataset.config = config;
  const heading = document.createElement("h3");
  heading.textContent = `${config}: ${describe(row)}`;
  const facts = document.createElement("p");
  facts.textContent = factsOf(row);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "remove";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove configuration ${config}`);
  remove.addEventListener("click", () => {
    isChosenByUser = true;
    choose(row);
    document.getElementById("chosen-title").focus();
  });
  made.append(heading, facts, remove, boundaryOf(row));
  return made;
}

function boundaryOf(row) {
  const reason = whyNoBoundary(row);
  const element = document.createElement(reason === null ? "div" : "p");
  if (reason !== null) {
    element.className = "empty";
    element.textContent = reason;
    return element;
  }
  element.className = "figure boundary";
  element.dataset.row = row;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", `Decision boundary of configuration ${columns.config[row]}`);
  return element;
}

function factsOf(row) {
  const status = columns.status[row];
  const facts = [status === "stopped"
    ? `stopped after ${count(columns.iterations_done[row], "iteration")} by ${columns.ended_by[row]}` : status];
  if (!Number.isNaN(columns.dev_accuracy[row])) {
    facts.push(`train ${percent(columns.train_accuracy[row])} %`, `dev ${percent(columns.dev_accuracy[row])} %`,
      `${seconds(columns.train_cpu_seconds[row])} s`, `cost ${short(columns.train_cost[row])} train, ${short(columns.dev_cost[row])} dev`);
  }
  if (status === "diverged") facts.push("all of the last finite parameters");
  return facts.join(" · ");
}
