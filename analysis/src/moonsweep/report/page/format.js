// Numbers and names as texts.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const AXIS_NAMES = {
  n_h: "hidden units", activation: "activation", learning_rate: "learning rate", iterations: "iterations",
  seed: "seed", init_scale: "initial scale", dataset: "data set",
};

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

// A number with up to `digits` significant digits, without zeros at its end.
function short(value, digits = 4) {
  if (value === null || Number.isNaN(value)) return "";
  return Number(value).toPrecision(digits).replace(/\.?0+($|e)/, "$1");
}

function percent(value) {
  return Number.isNaN(value) ? "" : value.toFixed(2);
}

function seconds(value) {
  return Number.isNaN(value) ? "" : short(value, 3);
}

// A text of the user for HTML.
function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

// What distinguishes a configuration: "3 tanh, rate 0.6, 10,000 iterations".
function describe(row) {
  const parts = [`${columns.n_h[row]} ${columns.activation[row]}`, `rate ${columns.learning_rate[row]}`];
  for (const axis of ["seed", "init_scale", "dataset"]) {
    if (report.axes.includes(axis)) parts.push(`${AXIS_NAMES[axis]} ${columns[axis][row]}`);
  }
  parts.push(count(columns.iterations[row], "iteration"));
  return parts.join(", ");
}

function hoverText(row) {
  const accuracies = `train ${percent(columns.train_accuracy[row])} %, dev ${percent(columns.dev_accuracy[row])} %`;
  const time = `${seconds(columns.train_cpu_seconds[row])} s, ${columns.status[row]}`;
  return escapeHtml(`${columns.config[row]}: ${describe(row)}`) + `<br>${accuracies}<br>${time}`;
}
