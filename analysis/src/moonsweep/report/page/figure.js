// What all figures share: how they are drawn by plotly.js, their colours and their fonts.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const PAPER_WIDTH = 660; // of a figure on a page of paper, in pixels; boundaries have half of it
const MOST_POINTS = 4000; // of a figure with one mark for each configuration

function axisStyle(title, more = {}) {
  const line = cssColour("--grid");
  return { title: { text: title }, gridcolor: line, zerolinecolor: line, linecolor: line, automargin: true, ...more };
}

// Draws or updates a figure, `height` pixels high and as wide as its element. `connect`, if given, is called with the element once the figure can be listened to.
function draw(element, traces, { height, ...layout }, connect) {
  const paperWidth = element.classList.contains("boundary") ? PAPER_WIDTH / 2 - 20 : PAPER_WIDTH;
  const style = {
    autosize: true, width: isPrinting ? paperWidth : undefined,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: cssColour("--ink"), family: "system-ui, sans-serif", size: 13 },
    margin: { l: 60, r: 20, t: 30, b: 50 }, hovermode: "closest", showlegend: false,
    hoverlabel: { align: "left" },
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0 },
  };
  const settings = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "sendChartToCloud"] };
  afterDrawing(element, async () => {
    if (!element.isDrawn) element.replaceChildren();
    element.style.height = `${height}px`; // plotly.js takes it from there, also when the window changes
    await Plotly.react(element, traces, { ...style, ...layout }, settings);
    if (connect && !element.isDrawn) connect(element);
    element.isDrawn = true;
  });
}

// Calls `onRow` with the row of each configuration that is clicked.
function connectClicks(element, onRow) {
  element.on("plotly_click", ({ points }) => {
    const row = points[0].customdata;
    if (row !== undefined && row !== null) onRow(row);
  });
}

// plotly.js draws in several steps, which must not be interrupted by other changes of the same figure.
function afterDrawing(element, change) {
  element.lastChange = (element.lastChange ?? Promise.resolve()).then(change);
}

// Says in place of a figure why there is none.
function drawNothing(element, sentence) {
  afterDrawing(element, () => {
    eraseNow(element);
    const text = document.createElement("p");
    text.className = "empty";
    text.textContent = sentence;
    element.replaceChildren(text);
  });
}

function erase(element) {
  afterDrawing(element, () => eraseNow(element));
}

function eraseNow(element) {
  if (element.isDrawn) Plotly.purge(element);
  element.isDrawn = false;
  element.style.height = "";
}

function note(name, sentences) {
  document.getElementById(`${name}-note`).textContent = sentences.filter(Boolean).join(" ");
}
