"use strict";
(function () {
  var table = document.getElementById("list");
  var controls = document.querySelector(".controls");
  if (!table || !controls) return;
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var byRank = rows.slice();
  var control = function (name) {
    return controls.querySelector("[data-control=" + name + "]");
  };
  var text = function (row, selector) {
    var found = row.querySelector(selector);
    return found ? found.textContent : "";
  };
  var number = function (row, key) {
    return Number(row.dataset[key]);
  };
  var orders = {
    rank: function (a, b) { return number(a, "rank") - number(b, "rank"); },
    name: function (a, b) { return text(a, "bdi").localeCompare(text(b, "bdi"), "en-GB"); },
    region: function (a, b) { return text(a, "th small").localeCompare(text(b, "th small"), "en-GB"); },
    share: function (a, b) { return number(b, "share") - number(a, "share"); },
    years: function (a, b) { return number(b, "years") - number(a, "years"); }
  };
  var falling = { share: true, years: true };

  function filter() {
    var all = control("show").value === "all";
    var region = control("region").value;
    var find = control("find").value.trim().toLowerCase();
    var shown = 0;
    rows.forEach(function (row) {
      var keep = (all || row.dataset.list === "1") &&
        (!region || text(row, "th small") === region) &&
        (!find || row.textContent.toLowerCase().indexOf(find) >= 0);
      row.hidden = !keep;
      if (keep) shown += 1;
    });
    control("status").textContent = "Showing " + shown + " of " + rows.length + ".";
  }

  function sort() {
    var key = control("sort").value;
    rows.sort(function (a, b) { return orders[key](a, b) || orders.rank(a, b); });
    rows.forEach(function (row) { body.appendChild(row); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head) {
      if (head.dataset.sort === key) {
        head.setAttribute("aria-sort", falling[key] ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
  }

  ["show", "region"].forEach(function (name) {
    control(name).addEventListener("change", filter);
  });
  control("find").addEventListener("input", filter);
  control("sort").addEventListener("change", sort);
  controls.hidden = false;
  filter();

  // The link holds the table; what people wrote goes into its last two columns.
  var link = document.querySelector("a.csv");
  var comma = link.href.indexOf(",") + 1;
  var head = link.href.slice(0, comma);
  var lines = decodeURIComponent(link.href.slice(comma)).split("\n");
  var quoted = function (value) {
    var safe = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(value) ? "'" + value : value;
    return "\"" + safe.replace(/"/g, "\"\"").replace(/[\r\n]+/g, " ") + "\"";
  };
  link.addEventListener("click", function () {
    link.href = head + encodeURIComponent(lines.map(function (line, at) {
      var row = byRank[at - 1];
      if (!row || !line) return line;
      var view = [row.querySelector("select").value, row.querySelector("input").value];
      return line.replace(/,,\r?$/, "," + view.map(quoted).join(","));
    }).join("\n"));
  });
})();
