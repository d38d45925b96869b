// Reads what the report contains: `report` as it was written, and its columns as arrays over the rows.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const report = JSON.parse(document.getElementById("report-data").textContent);

const ARRAYS = { u1: Uint8Array, u2: Uint16Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

function decode(encoded) {
  const text = atob(encoded.data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new ARRAYS[encoded.type](bytes.buffer);
}

// A column as an array of its values, whether it is stored as numbers or as codes of labels.
function decodeColumn(stored) {
  if (!stored.labels) return decode(stored);
  return Array.from(decode(stored.codes), (code) => stored.labels[code]);
}

const columns = Object.fromEntries(
  Object.entries(report.columns).map(([name, stored]) => [name, decodeColumn(stored)]),
);
columns.gap = columns.train_accuracy.map((train, row) => Math.abs(train - columns.dev_accuracy[row]));

const rowCount = columns.config.length;
const allRows = Array.from({ length: rowCount }, (_, row) => row);
const rowOfConfig = new Map(allRows.map((row) => [columns.config[row], row]));

// Whether a configuration has trained as far as it should, so that its results can be compared with those of others.
function isResult(row) {
  return columns.status[row] === "done" || columns.status[row] === "stopped";
}

// The different values of an axis, in the order of the job, or ascending if they are numbers.
function labelsOf(axis) {
  const labels = [...new Set(report.columns[axis].labels)];
  return labels.every((label) => typeof label === "number") ? labels.sort((a, b) => a - b) : labels;
}

// At most `most` of the rows: all that `isPreferred` accepts first, and of the others every k-th.
function thinRows(rows, most, isPreferred) {
  if (rows.length <= most) return rows;
  const preferred = rows.filter(isPreferred).slice(0, most);
  const others = rows.filter((row) => !isPreferred(row));
  const space = most - preferred.length;
  const step = Math.max(1, Math.ceil(others.length / Math.max(1, space)));
  const kept = new Set(preferred.concat(space > 0 ? others.filter((_, i) => i % step === 0) : []));
  return rows.filter((row) => kept.has(row));
}
