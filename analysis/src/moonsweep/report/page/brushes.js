// The ranges that the reader draws along the axes of the parallel coordinates. Along an axis with a threshold a range
// moves the threshold; along every other axis it leaves only the configurations inside it in the selection.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const brushes = new Map(); // of each axis without a threshold that has any: its ranges [from, to], by its name

// The places of all rows on the axes: numbers of the labels on those of the grid, and logarithms of times.
const places = Object.fromEntries(report.axes.map((axis) => {
  const placeOf = new Map(labelsOf(axis).map((label, place) => [label, place]));
  return [axis, Array.from(columns[axis], (label) => placeOf.get(label))];
}));
places.train_accuracy = columns.train_accuracy;
places.gap = columns.gap;
places.dev_accuracy = columns.dev_accuracy;
places.train_cpu_seconds = columns.train_cpu_seconds.map((value) => Math.log10(Math.max(value, 1e-9)));

// The axes with a threshold: the range that a threshold leaves, the threshold that a range means, and the loosest one.
const THRESHOLDS_OF_AXES = {
  train_accuracy: {
    name: "min_train", loosest: 0,
    rangeOf: (value) => [value + 1e-9, 1000], thresholdOf: ([from]) => Math.floor(100 * from) / 100,
  },
  gap: {
    name: "max_gap", loosest: 100,
    rangeOf: (value) => [-1, value], thresholdOf: ([, to]) => Math.ceil(100 * to) / 100,
  },
  train_cpu_seconds: {
    name: "max_seconds", loosest: Infinity,
    rangeOf: (value) => [-10, Math.log10(value) + 1e-12], thresholdOf: ([, to]) => Number((10 ** to).toPrecision(3)),
  },
};

// The range or the ranges that an axis shows, or undefined if there are none.
function rangesOnAxis(axis) {
  const threshold = THRESHOLDS_OF_AXES[axis];
  if (!threshold) return brushes.get(axis);
  const value = thresholds[threshold.name];
  return value === threshold.loosest ? undefined : threshold.rangeOf(value);
}

function isInBrushes(row) {
  for (const [axis, ranges] of brushes) {
    const place = places[axis][row];
    if (!ranges.some(([from, to]) => from <= place && place <= to)) return false;
  }
  return true;
}

// Takes over the ranges of an axis: none if the reader has removed them.
function brush(axis, ranges) {
  const threshold = THRESHOLDS_OF_AXES[axis];
  if (threshold) setThreshold(threshold.name, ranges.length === 0 ? threshold.loosest : threshold.thresholdOf(ranges[0]));
  else if (ranges.length > 0) brushes.set(axis, ranges);
  else brushes.delete(axis);
}
