// Parallel coordinates: a line for each configuration through its parameters and its results.
"use strict";

function drawParallel() {
  const element = document.getElementById("parallel");
  const known = allRows.filter((row) => !Number.isNaN(columns.dev_accuracy[row]));
  if (known.length === 0) return drawNothing(element, "No configuration has an accuracy yet.");
  const rows = thinRows(known, MOST_POINTS, (row) => isSelected[row]);
  const dimensions = report.axes.map((axis) => labelled(axis, rows));
  dimensions.push(
    logarithmic("time / s", rows.map((row) => columns.train_cpu_seconds[row]), thresholds.max_seconds),
    { label: "train / %", values: rows.map((row) => columns.train_accuracy[row]), constraintrange: [thresholds.min_train + 1e-9, 1000] },
    { label: "gap / points", values: rows.map((row) => columns.gap[row]), constraintrange: [-1, thresholds.max_gap] },
    { label: "dev / %", values: rows.map((row) => columns.dev_accuracy[row]) },
  );
  const colours = rows.map((row) => columns.dev_accuracy[row]);
  draw(element, [{
    type: "parcoords", dimensions,
    line: { color: colours, colorscale: "Viridis", showscale: true, colorbar: { title: { text: "dev / %" }, thickness: 12 } },
    unselected: { line: { color: cssColour("--muted"), opacity: 0.06 } },
    labelfont: { size: 13 }, rangefont: { size: 1, color: "rgba(0,0,0,0)" },
  }], { height: 420, margin: { l: 60, r: 30, t: 60, b: 30 } });
  note("parallel", [
    rows.length < known.length &&
      `${rows.length.toLocaleString("en")} of ${count(known.length, "configuration")} are drawn, the selection first.`,
  ]);
}

// An axis of the grid, on which its values have equal distances.
function labelled(axis, rows) {
  const labels = labelsOf(axis);
  const place = new Map(labels.map((label, i) => [label, i]));
  const step = Math.ceil(labels.length / 12);
  const ticks = labels.map((_, i) => i).filter((i) => i % step === 0 || i === labels.length - 1);
  return {
    label: AXIS_NAMES[axis], values: rows.map((row) => place.get(columns[axis][row])), range: [0, labels.length - 1],
    tickvals: ticks, ticktext: ticks.map((i) => escapeHtml(labels[i])),
  };
}

function logarithmic(label, values, most) {
  const logs = values.map((value) => Math.log10(Math.max(value, 1e-9)));
  const low = Math.floor(Math.min(...logs)), high = Math.ceil(Math.max(...logs));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return {
    label, values: logs, tickvals: ticks, ticktext: ticks.map((tick) => short(10 ** tick)),
    constraintrange: [low - 1, Number.isFinite(most) ? Math.log10(most) + 1e-12 : high + 1],
  };
}
