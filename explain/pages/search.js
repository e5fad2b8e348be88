// SPDX-License-Identifier: BSD-2-Clause
// Narrows the list of the index down to what is typed. Needs no server: all numbers are in
// search-data.js, and all names and messages in the page itself.
"use strict";
(function () {
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const sections = Array.from(document.querySelectorAll("main section"));
  const items = Array.from(document.querySelectorAll(".list li")).map(function (element) {
    const words = element.textContent + " " + (element.dataset.words || "");
    return { element: element, words: words.toLowerCase() };
  });

  // Every code in the text: 0x000001d5, 1d5, 469. Digits only can be decimal or hexadecimal.
  function numbersIn(text) {
    const numbers = [];
    for (const word of text.toLowerCase().match(/\b(?:0x)?[0-9a-f]+\b/g) || []) {
      const digits = word.replace(/^0x/, "");
      const forms = [digits.replace(/^0+(?=.)/, "")];
      if (/^[0-9]+$/.test(word)) forms.unshift(Number(word).toString(16));
      for (const form of forms) {
        const known = Object.prototype.hasOwnProperty.call(window.tpmCodes, form);
        if (known && !numbers.includes(form)) numbers.push(form);
      }
    }
    return numbers;
  }

  function showNumbers(numbers) {
    found.textContent = "";
    const list = document.createElement("ul");
    list.className = "list";
    for (const number of numbers) {
      const entry = window.tpmCodes[number];
      const link = document.createElement("a");
      link.href = entry[0];
      link.textContent = entry[1];
      const line = document.createElement("li");
      line.append("0x" + number.padStart(3, "0") + ": ", link, " " + entry[2]);
      list.append(line);
    }
    if (numbers.length > 0) found.append(list);
  }

  // What stands before the sentence in a text of libtss2-rc says where, not what.
  function wordsOf(text) {
    return text.toLowerCase().trim().replace(/^[a-z]+:(?:[a-z]+\([0-9]+\):)?\s*/, "");
  }

  function fits(words, wanted) {
    return words.includes(wanted) || wanted.split(/\s+/).every(function (word) {
      return words.includes(word);
    });
  }

  function narrow() {
    const wanted = wordsOf(query.value);
    const numbers = wanted === "" ? [] : numbersIn(query.value);
    let left = 0;
    for (const item of items) {
      item.element.hidden = wanted !== "" && !fits(item.words, wanted);
      if (!item.element.hidden) left += 1;
    }
    for (const section of sections) {
      section.hidden = section.querySelector(".list li:not([hidden])") === null;
    }
    showNumbers(numbers);
    if (wanted !== "" && numbers.length === 0) {
      found.textContent = left === 0 ? "No matches." : "Matches: " + left + ".";
    }
  }

  query.addEventListener("input", narrow);
  query.form.addEventListener("submit", function (event) {
    event.preventDefault();
    const first = document.querySelector("#found a, .list li:not([hidden]) a");
    if (first !== null) window.location.href = first.href;
  });
  narrow();
})();
