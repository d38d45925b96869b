// Parallel coordinates: a line for each configuration through its parameters and its results.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

let axisOrder = [...report.axes, "train_cpu_seconds", "train_accuracy", "gap", "dev_accuracy"]; // which the reader may change

const MOST_LINES = 1000; // which a browser without a graphics processor draws in a second or two

// Viridis without the yellows of its upper fifth, in which lines could hardly be seen on white.
const VIRIDIS_ON_WHITE = [[0, "#440154"], [0.25, "#414487"], [0.5, "#2a788e"], [0.75, "#22a884"], [1, "#7ad151"]];

function drawParallel(brushed) {
  const element = document.getElementById("parallel");
  const known = allRows.filter(isResult);
  const diverged = report.counts.diverged;
  showBrushes();
  note("parallel", []);
  if (known.length === 0) return drawNothing(element, "No configuration is done.");
  const rows = thinRows(known, MOST_LINES, (row) => isSelected[row]);
  const dimensions = axisOrder.map((axis) => ({
    name: axis, values: rows.map((row) => places[axis][row]), constraintrange: rangesOnAxis(axis),
    multiselect: !(axis in THRESHOLDS_OF_AXES), ...scaleOf(axis, rows),
  }));
  const colours = rows.map((row) => columns.dev_accuracy[row]);
  draw(element, [{
    type: "parcoords", dimensions,
    line: { color: colours, colorscale: isDark() ? "Viridis" : VIRIDIS_ON_WHITE, showscale: true, colorbar: { title: { text: "dev / %" }, thickness: 12 } },
    unselected: { line: { color: cssColour("--grid"), opacity: 0.3 } },
    labelfont: { size: isPrinting ? 9 : 13 }, rangefont: { size: 1, color: "rgba(0,0,0,0)" },
  }], { height: 420, margin: { l: 60, r: 30, t: 60, b: 30 } }, (figure) => connectBrushes(figure, brushed));
  note("parallel", [
    diverged > 0 && "Diverged configurations are not drawn.",
    rows.length < known.length &&
      `${rows.length.toLocaleString("en")} of ${count(known.length, "configuration")} are drawn, the selection first.`,
  ]);
}

// The label and the ticks of an axis.
function scaleOf(axis, rows) {
  if (report.axes.includes(axis)) return scaleOfLabels(axis);
  if (axis === "train_cpu_seconds") return logarithmicScale("time / s", rows.map((row) => places[axis][row]));
  return { label: { train_accuracy: "train / %", gap: "gap / points", dev_accuracy: "dev / %" }[axis] };
}

// An axis of the grid, on which its values have equal distances.
function scaleOfLabels(axis) {
  const labels = labelsOf(axis);
  const ticks = ticksOf(labels, 12);
  return {
    label: AXIS_NAMES[axis], range: [0, labels.length - 1],
    tickvals: ticks, ticktext: ticks.map((i) => escapeHtml(tickText(labels[i]))),
  };
}

function logarithmicScale(label, logs) {
  const low = Math.floor(Math.min(...logs)), high = Math.ceil(Math.max(...logs));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return { label, range: [low, high], tickvals: ticks, ticktext: ticks.map((tick) => short(10 ** tick)) };
}

// Takes over the ranges and the order of the axes whenever the reader changes them.
function connectBrushes(element, brushed) {
  element.on("plotly_restyle", ([changes]) => {
    const { dimensions } = element.data[0];
    axisOrder = dimensions.map(({ name }) => name);
    for (const key of Object.keys(changes)) {
      const place = /^dimensions\[(\d+)\]\.constraintrange$/.exec(key)?.[1];
      if (place === undefined) continue;
      const ranges = dimensions[place].constraintrange ?? [];
      brush(dimensions[place].name, typeof ranges[0] === "number" ? [ranges] : ranges);
    }
    brushed();
  });
}

// The button that removes all ranges but the thresholds.
function showBrushes() {
  document.getElementById("clear-brushes").hidden = brushes.size === 0;
}

function connectClearing(brushed) {
  document.getElementById("clear-brushes").addEventListener("click", () => {
    brushes.clear();
    brushed();
  });
}
