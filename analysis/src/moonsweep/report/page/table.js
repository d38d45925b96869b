// The table of all configurations: sorted, searched and filtered by DataTables.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const COLUMNS = [
  ...["n_h", "activation", "learning_rate", "iterations", "seed", "init_scale", "dataset"].map((name) => ({
    name, title: AXIS_NAMES[name], isShown: report.axes.includes(name) || ["n_h", "activation", "learning_rate", "iterations"].includes(name),
    format: (value) => (typeof value === "number" ? value.toLocaleString("en", { maximumSignificantDigits: 15 }) : value),
  })),
  { name: "status", title: "status", isShown: true, format: String },
  { name: "train_accuracy", title: "train / %", isShown: true, format: percent },
  { name: "dev_accuracy", title: "dev / %", isShown: true, format: percent },
  { name: "gap", title: "gap", isShown: true, format: percent },
  { name: "train_cpu_seconds", title: "time / s", isShown: true, format: seconds },
  { name: "dev_f1", title: "dev F1", isShown: true, format: (value) => (Number.isNaN(value) ? "" : value.toFixed(3)) },
  { name: "dev_cost", title: "dev cost", isShown: true, format: (value) => short(value) },
].filter((column) => column.isShown);

let table;

function makeTable() {
  const config = {
    title: "config", type: "num", className: "dt-body-left",
    data: (row, type) => (type === "display" ? buttonFor(row[0]) : columns.config[row[0]]),
  };
  const others = COLUMNS.map(({ name, title, format }) => {
    const isText = name === "activation" || name === "status";
    return {
      title, type: isText ? "string" : "num", className: isText ? "dt-left" : "dt-right", name,
      data: ([row], type) => {
        const value = columns[name][row];
        if (type === "display") return escapeHtml(format(value));
        return typeof value === "number" && Number.isNaN(value) ? "" : value;
      },
    };
  });
  table = window.tables.jQuery("#table").DataTable({
    data: allRows.map((row) => [row]), columns: [config, ...others], deferRender: true, autoWidth: false,
    order: [[1 + COLUMNS.findIndex((column) => column.name === "train_cpu_seconds"), "asc"]],
    pageLength: 10, lengthMenu: [10, 25, 100, 1000],
    layout: { topStart: "pageLength", topEnd: "search", top1Start: { searchBuilder: {} }, bottomStart: "info", bottomEnd: "paging" },
    language: {
      search: "Search", lengthMenu: "Show _MENU_ rows", emptyTable: "There are no configurations.",
      zeroRecords: "No configuration meets the thresholds and filters.",
      info: "_START_ to _END_ of _TOTAL_ configurations", infoEmpty: "0 configurations", infoFiltered: "(of _MAX_)",
      searchBuilder: { title: { 0: "Filters", _: "Filters (%d)" }, add: "Add a filter" },
    },
    createdRow: (element) => markButton(element.querySelector("button.config")),
  });
  const only = document.getElementById("only-selection");
  table.search.fixed("selection", (_, [row]) => !only.checked || isSelected[row] === 1);
  only.addEventListener("change", () => table.draw());
  document.getElementById("table").addEventListener("click", (event) => {
    const element = event.target.closest("tbody tr");
    const button = element?.querySelector("button.config");
    if (button) choose(Number(button.dataset.row));
  });
}

function buttonFor(row) {
  const config = columns.config[row];
  return `<button type="button" class="config" data-row="${row}" aria-label="Configuration ${config}">${config}</button>`;
}
