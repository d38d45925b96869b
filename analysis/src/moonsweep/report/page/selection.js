// The thresholds of the selection, and the configurations that meet them.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const thresholds = { ...report.thresholds, max_seconds: report.thresholds.max_seconds ?? Infinity };
const isSelected = new Uint8Array(rowCount);

// The same rule as moonsweep.select, within the ranges drawn in the parallel coordinates.
function select() {
  for (let row = 0; row < rowCount; row++) {
    isSelected[row] =
      isResult(row) &&
      columns.train_accuracy[row] > thresholds.min_train &&
      columns.gap[row] <= thresholds.max_gap &&
      columns.train_cpu_seconds[row] <= thresholds.max_seconds &&
      isInBrushes(row);
  }
}

// The selected rows, the quickest first.
function selection() {
  const time = columns.train_cpu_seconds;
  return allRows.filter((row) => isSelected[row]).sort((a, b) => time[a] - time[b] || a - b);
}

// Of the rows that are results, the one with the best dev accuracy, or undefined.
function bestOnDev() {
  let best;
  for (const row of allRows) {
    if (isResult(row) && (best === undefined || columns.dev_accuracy[row] > columns.dev_accuracy[best])) best = row;
  }
  return best;
}

// ---- the controls ----

const finiteSeconds = Array.from(columns.train_cpu_seconds).filter((value) => value > 0);
const longest = finiteSeconds.reduce((a, b) => Math.max(a, b), 1e-6);
const quickest = finiteSeconds.reduce((a, b) => Math.min(a, b), longest);
const STEPS = 400; // of the slider of times, which is logarithmic

const SCALES = {
  min_train: { min: 50, max: 100, step: 0.25, toSlider: (value) => value, toValue: (place) => place },
  max_gap: { min: 0, max: 20, step: 0.25, toSlider: (value) => value, toValue: (place) => place },
  max_seconds: {
    min: 0, max: STEPS, step: 1,
    toSlider: (value) => value >= longest ? STEPS : Math.floor(STEPS * Math.log(value / quickest) / Math.log(longest / quickest)),
    toValue: (place) => place >= STEPS ? Infinity : Number((quickest * (longest / quickest) ** (place / STEPS)).toPrecision(3)),
  },
};

function showOnSlider(name) {
  const slider = document.getElementById(`${name}-slider`);
  const value = thresholds[name];
  slider.value = SCALES[name].toSlider(value);
  slider.setAttribute("aria-valuetext", Number.isFinite(value) ? String(value) : "no limit");
}

// Sets a threshold, and shows it on its slider and as a number.
function setThreshold(name, value) {
  thresholds[name] = value;
  showOnSlider(name);
  document.getElementById(name).value = Number.isFinite(value) ? value : "";
}

function connectThreshold(name, changed) {
  const { min, max, step, toValue } = SCALES[name];
  const slider = document.getElementById(`${name}-slider`);
  const number = document.getElementById(name);
  Object.assign(slider, { min, max, step });
  number.placeholder = "no limit";
  setThreshold(name, thresholds[name]);
  slider.addEventListener("input", () => {
    setThreshold(name, toValue(Number(slider.value)));
    changed();
  });
  number.addEventListener("input", () => {
    const missing = name === "max_seconds" ? Infinity : null;
    const value = number.value === "" ? missing : Number(number.value);
    if (value === null || Number.isNaN(value) || !number.validity.valid) return;
    thresholds[name] = value; // the number is left as it is being typed
    showOnSlider(name);
    changed();
  });
}
