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

// An accuracy or a gap with two decimal places. Where it is exactly between two of them, the last digit is even, as in
// the outputs of the program and of Python; toFixed alone would take the larger one.
function percent(value) {
  if (Number.isNaN(value)) return "";
  if (!Number.isInteger(8 * value) || Number.isInteger(4 * value)) return value.toFixed(2);
  const below = Math.floor(100 * value);
  return ((below + (below % 2)) / 100).toFixed(2);
}

function seconds(value) {
  return Number.isNaN(value) ? "" : short(value, 3);
}

// The places of the labels of an axis that have a tick: about `most` of them at equal distances, and the last one.
function ticksOf(labels, most) {
  const step = Math.ceil(labels.length / most);
  return [...labels.keys()].filter((place) => place % step === 0 || place === labels.length - 1);
}

// A label as it fits beside a tick: numbers that were computed may have 17 digits.
function tickText(label) {
  return typeof label !== "number" || Number.isInteger(label) ? String(label) : short(label);
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
