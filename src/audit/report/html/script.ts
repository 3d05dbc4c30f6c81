/** Runs in the reader's browser, from a file: filters what is there already. Without it, everything is shown. */
export const SCRIPT = `
'use strict';
const form = document.querySelector('form');
const told = document.getElementById('told');
const cards = [...document.querySelectorAll('.card[data-namespace]')].map((card) => ({
  card, namespace: card.dataset.namespace, killed: card.dataset.killed === 'true', name: card.dataset.name.toLowerCase(),
  findings: [...card.querySelectorAll('.findings > li')].map((item) => ({
    item, rule: item.dataset.rule, severity: item.dataset.severity, text: item.textContent.toLowerCase(),
  })),
}));
function filter() {
  const { search, severity, namespace, rule, killed } = form.elements;
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let workloads = 0, findings = 0;
  for (const { card, namespace: where, killed: hurt, name, findings: items } of cards) {
    const wanted = (!namespace.value || namespace.value === where) && (!killed.checked || hurt);
    let shown = 0;
    for (const { item, rule: id, severity: level, text } of items) {
      const matches = wanted && (!severity.value || severity.value === level) && (!rule.value || rule.value === id)
        && words.every((word) => name.includes(word) || text.includes(word));
      item.hidden = !matches;
      if (matches) shown += 1;
    }
    card.hidden = shown === 0;
    findings += shown;
    if (shown > 0) workloads += 1;
  }
  const count = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's');
  told.textContent = count(findings, 'finding') + ' in ' + count(workloads, 'workload');
}
let timer;
form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(filter, 80); });
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('submit', (event) => { event.preventDefault(); filter(); });
for (const link of document.querySelectorAll('[data-show]')) link.addEventListener('click', () => {
  const [field, value] = link.dataset.show.split('=');
  form.reset();
  form.elements[field].value = value;
  setTimeout(filter);
});
form.hidden = false;
filter();
`;
