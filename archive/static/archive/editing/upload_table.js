/* The table of a batch: what is written is kept a moment later, a piece of a spreadsheet is pasted from the cell in
   focus on, one value is given to all or to those beneath, and each of these is one step that can be taken back.
   Without it, 「保存」 keeps what stands in the form. */
"use strict";

(() => {
  const table = document.querySelector("[data-batch]");
  if (!table) return;
  const PAUSE = 700;
  const LAST_PAUSE = 30000;
  const status = document.querySelector("[data-batch-status]");
  const changed = new Map(); // "row column" → input
  let timer = 0;
  let failures = 0;
  let focused = null;
  const MOST_STEPS = 200;
  const steps = []; // [[input, what it said before], …]
  const undo = document.querySelector("[data-undo]");

  const inputOf = (cell) => cell.querySelector("input, textarea, select");
  const cellOf = (input) => input.closest("td[data-column]");
  const rowOf = (input) => input.closest("tr[data-row]");
  const inputs = (row) => [...row.querySelectorAll("td[data-column]")].map(inputOf).filter(Boolean);
  const lines = () => [...table.querySelectorAll("tr[data-row]")];

  function note(input) {
    changed.set(`${rowOf(input).dataset.row} ${cellOf(input).dataset.column}`, input);
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  }

  async function save() {
    if (!changed.size) return;
    const sent = new Map(changed);
    changed.clear();
    const rows = {};
    for (const [key, input] of sent) {
      const [row, column] = key.split(" ");
      (rows[row] ||= {})[column] = input.dataset.pasted ?? input.value;
    }
    status.textContent = table.dataset.saving;
    try {
      const answer = await fetch(table.dataset.batch, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": table.dataset.token },
        body: JSON.stringify({ rows }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json(), sent);
      failures = 0;
      status.textContent = table.dataset.saved;
    } catch {
      for (const [key, input] of sent) if (!changed.has(key)) changed.set(key, input);
      failures += 1;
      status.textContent = table.dataset.failed;
      timer = window.setTimeout(save, Math.min(PAUSE * 2 ** failures, LAST_PAUSE));
    }
  }

  function show(told, sent) {
    for (const [key, input] of sent) {
      const [row, column] = key.split(" ");
      const answer = told.rows[row];
      if (!answer) continue;
      const refused = told.refused[row]?.[column] || "";
      delete input.dataset.pasted;
      if (refused || (input !== document.activeElement && !changed.has(key))) input.value = answer.values[column];
      const cell = cellOf(input);
      cell.classList.toggle("is-refused", Boolean(refused));
      cell.classList.toggle("is-missing", answer.missing.includes(column));
      cell.querySelector(".archive-batch__note").textContent = refused || answer.notes[column] || "";
    }
  }

  function remember(inputs) {
    steps.push(inputs.map((input) => [input, input.dataset.pasted ?? input.value]));
    if (steps.length > MOST_STEPS) steps.shift();
    undo.disabled = false;
  }

  /* What was typed into one cell is a step of its own, which comes before whatever is done with it next. */
  function settle(input) {
    const { said } = input.dataset;
    if (said === undefined || said === input.value) return;
    steps.push([[input, said]]);
    undo.disabled = false;
    input.dataset.said = input.value;
  }

  function takeBack() {
    const step = steps.pop();
    if (!step) return;
    for (const [input, said] of step) {
      fill(input, said);
      input.dataset.said = input.value;
    }
    undo.disabled = !steps.length;
    step[0][0].focus();
  }

  /* The same value for many cells, as one step. */
  function fillMany(pairs) {
    remember(pairs.map(([input]) => input));
    for (const [input, text] of pairs) {
      fill(input, text);
      input.dataset.said = input.value;
    }
  }

  function fillFrom(input, isBeneath) {
    settle(input);
    const column = cellOf(input).dataset.column;
    const all = lines();
    const those = isBeneath ? all.slice(all.indexOf(rowOf(input)) + 1) : all;
    const cells = those.map((line) => inputOf(line.querySelector(`td[data-column="${column}"]`)));
    const pairs = cells.filter((cell) => cell && cell !== input).map((cell) => [cell, input.value]);
    if (pairs.length) fillMany(pairs);
  }

  function fill(input, text) {
    delete input.dataset.pasted;
    if (input.tagName === "SELECT") {
      const option = [...input.options].find((each) => each.value === text || each.text === text.trim());
      if (option) input.value = option.value;
      else input.dataset.pasted = text; // the server says what is wrong with it
    } else {
      input.value = text;
    }
    note(input);
  }

  /* Tab-separated, as spreadsheets put it on the clipboard: a cell with a line break or a quote is in quotes. */
  function cells(text) {
    const rows = [[""]];
    let isQuoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const row = rows[rows.length - 1];
      const sign = text[at];
      if (isQuoted) {
        if (sign !== '"') row[row.length - 1] += sign;
        else if (text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
        else isQuoted = false;
      } else if (sign === '"' && row[row.length - 1] === "") isQuoted = true;
      else if (sign === "\t") row.push("");
      else if (sign === "\n") rows.push([""]);
      else if (sign !== "\r") row[row.length - 1] += sign;
    }
    if (rows.length > 1 && rows[rows.length - 1].join("") === "") rows.pop();
    return rows;
  }

  table.addEventListener("input", (event) => note(event.target));
  table.addEventListener("change", (event) => {
    settle(event.target);
    note(event.target);
  });
  table.addEventListener("focusin", (event) => {
    if (!cellOf(event.target)) return;
    focused = event.target;
    focused.dataset.said = focused.value;
  });
  table.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !cellOf(event.target)) return;
    const isUntouched = event.target.dataset.said === event.target.value; // else the browser takes back the typing
    if (event.key === "d") fillFrom(event.target, true);
    else if (event.key === "z" && isUntouched && steps.length) takeBack();
    else return;
    event.preventDefault();
  });
  undo.hidden = false;
  undo.addEventListener("click", takeBack);
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    const pasted = cells(text);
    if (pasted.length === 1 && pasted[0].length === 1) return;
    event.preventDefault();
    const all = lines();
    const from = all.indexOf(rowOf(event.target));
    const column = inputs(all[from]).indexOf(event.target);
    const pairs = [];
    pasted.forEach((row, down) => {
      if (!all[from + down]) return;
      const line = inputs(all[from + down]);
      row.forEach((value, right) => line[column + right] && pairs.push([line[column + right], value]));
    });
    fillMany(pairs);
  });
  for (const button of table.querySelectorAll("[data-apply], [data-fill-down]")) {
    const isBeneath = button.dataset.fillDown !== undefined;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (!focused || cellOf(focused).dataset.column !== (button.dataset.apply ?? button.dataset.fillDown)) {
        status.textContent = table.dataset.none;
        return;
      }
      fillFrom(focused, isBeneath);
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });
  table.closest("form").addEventListener("submit", () => changed.clear());
})();
