// The judge's own running total: value times weight of what is typed so far. The server's total decides.

function valueOf(field) {
  if (field.type === "radio" && !field.checked) return null;
  const text = field.value.trim().replace(",", ".");
  return /^\d{1,6}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}

function total(form) {
  let sum = 0;
  let isAny = false;
  form.querySelectorAll("[data-weight]").forEach((field) => {
    const value = valueOf(field);
    if (value === null) return;
    isAny = true;
    sum += value * Number(field.dataset.weight);
  });
  return isAny ? (sum / 100).toFixed(2).replace(".", ",") : "–";
}

document.querySelectorAll("form[data-scale]").forEach((form) => {
  const line = form.querySelector("[data-running-total]");
  const show = () => {
    line.querySelector("output").textContent = total(form);
  };
  line.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
});
