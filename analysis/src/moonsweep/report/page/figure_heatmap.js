// Heat maps of the dev accuracy: hidden units against learning rates, a panel for each activation.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const MOST_CELLS_WITH_TEXT = 400; // of a panel

function connectHeatmap(redraw) {
  const chooser = document.getElementById("heatmap-iterations");
  const counts = labelsOf("iterations");
  chooser.replaceChildren(...counts.map((value) => new Option(value.toLocaleString("en"), value)));
  const best = bestOnDev();
  if (best !== undefined) chooser.value = columns.iterations[best];
  chooser.addEventListener("change", redraw);
}

function drawHeatmap(choose) {
  const element = document.getElementById("heatmap");
  const iterations = Number(document.getElementById("heatmap-iterations").value);
  const shown = allRows.filter((row) => columns.iterations[row] === iterations);
  const rows = shown.filter(isResult);
  note("heatmap", []);
  if (rows.length === 0) return drawNothing(element, "No configuration with so many iterations is done.");
  const activations = Object.keys(report.colours);
  const accuracies = rows.map((row) => columns.dev_accuracy[row]);
  const range = [accuracies.reduce((a, b) => Math.min(a, b)), accuracies.reduce((a, b) => Math.max(a, b))];
  const rates = labelsOf("learning_rate");
  const ticks = ticksOf(rates, Math.ceil(24 / activations.length));
  const gap = hasMarks(rates) ? 1 : 0;
  const traces = [];
  const layout = { height: 420, grid: { rows: 1, columns: activations.length }, annotations: [], margin: { l: 70, r: 20, t: 40, b: 60 } };
  activations.forEach((activation, place) => {
    const suffix = place === 0 ? "" : place + 1;
    traces.push({
      ...cellsOf(rows.filter((row) => columns.activation[row] === activation)), type: "heatmap", hoverinfo: "text",
      xaxis: `x${suffix}`, yaxis: "y", colorscale: "Viridis", zmin: range[0], zmax: range[1], xgap: gap, ygap: gap,
      showscale: place === activations.length - 1, colorbar: { title: { text: "dev / %" }, thickness: 12 },
    });
    layout[`xaxis${suffix}`] = axisStyle("learning rate", {
      type: "category", domain: [place / activations.length, (place + 0.94) / activations.length],
      tickvals: ticks.map((i) => String(rates[i])), ticktext: ticks.map((i) => tickText(rates[i])),
    });
    layout.annotations.push({
      text: escapeHtml(activation), xref: `x${suffix} domain`, yref: "paper", x: 0, y: 1, yanchor: "bottom", showarrow: false,
      font: { color: cssColour("--ink"), size: 14 },
    });
  });
  delete layout.grid;
  layout.yaxis = axisStyle("hidden units", { type: "category" });
  draw(element, traces, layout, (figure) => connectClicks(figure, choose));
  const several = report.axes.filter((axis) => ["seed", "init_scale", "dataset"].includes(axis)).map((axis) => `${AXIS_NAMES[axis]}s`);
  const without = [...new Set(shown.filter((row) => !isResult(row)).map((row) => columns.status[row]))];
  note("heatmap", [
    several.length > 0 && `Each cell is the mean over ${several.join(" and ")}.`,
    without.length > 0 && `Configurations that are ${without.join(" or ")} do not count; a cell that has no others is empty.`,
    !hasMarks(rates) && "There are too many cells for check marks.",
  ]);
}

function hasMarks(rates) {
  return rates.length * labelsOf("n_h").length <= MOST_CELLS_WITH_TEXT;
}

// The mean of each cell with the configurations in it, of which the best is chosen by a click.
function cellsOf(rows) {
  const x = labelsOf("learning_rate"), y = labelsOf("n_h");
  const cells = new Map();
  for (const row of rows) {
    const key = `${columns.n_h[row]}/${columns.learning_rate[row]}`;
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  const over = (value, missing = null) => y.map((n_h) => x.map((rate) => {
    const inCell = cells.get(`${n_h}/${rate}`);
    return inCell === undefined ? missing : value(inCell);
  }));
  const mean = (inCell) => inCell.reduce((sum, row) => sum + columns.dev_accuracy[row], 0) / inCell.length;
  const best = (inCell) => inCell.reduce((a, b) => (columns.dev_accuracy[b] > columns.dev_accuracy[a] ? b : a));
  const marks = over((inCell) => (inCell.some((row) => isSelected[row]) ? "✓" : ""), "");
  const hover = over((inCell) => (inCell.length === 1 ? hoverText(inCell[0])
    : `mean ${percent(mean(inCell))} % of ${inCell.length} configurations<br>the best: ${hoverText(best(inCell))}`), "");
  return {
    x: x.map(String), y: y.map(String), z: over(mean), customdata: over(best), hovertext: hover,
    text: marks, texttemplate: hasMarks(x) ? "%{text}" : undefined,
  };
}
