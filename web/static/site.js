/* Nothing here is needed: every page works without it. "/" goes to the box; empty fields stay out of addresses. */
document.addEventListener("keydown", function (event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  var box = document.getElementById("q");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

document.addEventListener("submit", function (event) {
  var emptied = Array.prototype.filter.call(event.target.elements, function (field) {
    return field.name && !field.value && !field.disabled && field.type !== "submit" && field.name !== "q";
  });
  emptied.forEach(function (field) { field.disabled = true; });
  setTimeout(function () { emptied.forEach(function (field) { field.disabled = false; }); }, 0);
});
