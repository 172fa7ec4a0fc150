(function () {
  function unfold() {
    var id = location.hash.slice(1);
    var page = id && document.getElementById(id);
    if (page && page.tagName === "DETAILS") {
      page.open = true;
      page.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
})();
