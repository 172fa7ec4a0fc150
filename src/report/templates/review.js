(function () {
  // The form that `monitor review` writes and takes: by role, and no name of anybody.
  var table = document.getElementById("list");
  var link = document.querySelector("a.review");
  if (!table || !link) return;
  var controls = document.querySelector(".controls");
  var control = function (name) { return controls.querySelector("[data-control=" + name + "]"); };
  var rows = Array.prototype.slice.call(table.tBodies[0].rows);
  var columns = ["as_of", "organisation", "verdict", "why", "role", "reviewed_on"];
  var verdicts = { "agree": "agree", "disagree": "disagree", "don\u2019t know": "dont_know" };
  var quoted = function (value) {
    return "\"" + value.replace(/"/g, "\"\"").replace(/[\r\n]+/g, " ") + "\"";
  };

  link.addEventListener("click", function () {
    var asOf = table.dataset.asOf;
    var today = new Date().toISOString().slice(0, 10);
    var lines = [columns.join(",")];
    rows.forEach(function (row) {
      var verdict = verdicts[row.querySelector("select").value];
      if (!verdict) return;
      var told = [row.querySelector("input").value, control("role").value].map(quoted);
      var day = today < asOf ? asOf : today;
      lines.push([asOf, row.dataset.code, verdict].concat(told, [day]).join(","));
    });
    link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(lines.join("\n") + "\n");
  });

  function parsed(text) {
    var all = [[]], cell = "", inside = false;
    var end = function () { all[all.length - 1].push(cell); cell = ""; };
    for (var at = 0; at < text.length; at += 1) {
      var c = text[at];
      if (inside && c === "\"" && text[at + 1] === "\"") { cell += c; at += 1; }
      else if (c === "\"") inside = !inside;
      else if (c === "," && !inside) end();
      else if (c === "\n" && !inside) { end(); all.push([]); }
      else if (c !== "\r" && c !== "\ufeff") cell += c;
    }
    end();
    return all;
  }

  function read(text) {
    var lines = parsed(text);
    var place = function (name) { return lines[0].indexOf(name); };
    var words = Object.keys(verdicts);
    var taken = 0;
    lines.slice(1).forEach(function (line) {
      if (line[place("as_of")] !== table.dataset.asOf) return;
      rows.forEach(function (row) {
        if (row.dataset.code !== line[place("organisation")]) return;
        row.querySelector("select").value = words.filter(function (word) {
          return verdicts[word] === line[place("verdict")];
        })[0] || "";
        row.querySelector("input").value = line[place("why")] || "";
        control("role").value = line[place("role")] || "";
        taken += 1;
      });
    });
    var of = " of " + (lines.length - 2) + " views read; others are of another day or name.";
    control("status").textContent = taken + of;
  }

  control("review").addEventListener("change", function () {
    var file = this.files[0];
    if (!file) return;
    var reader = new FileReader();
    reader.onload = function () { read(String(reader.result)); };
    reader.readAsText(file);
  });
})();
