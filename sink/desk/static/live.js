// The page reads well without this script. With it, a list hears of changes as
// they come, and j and k move between claims.
'use strict';

(() => {
  const main = document.getElementById('main');
  const cards = () => [...document.querySelectorAll('.claim')];

  document.addEventListener('keydown', (e) => {
    const typing = e.target.closest && e.target.closest('input, select, textarea');
    if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === '/') {
      const search = document.getElementById('search');
      if (search) { e.preventDefault(); search.focus(); }
      return;
    }
    const step = { j: 1, k: -1 }[e.key];
    if (!step) return;
    const all = cards();
    const at = all.indexOf(document.activeElement && document.activeElement.closest('.claim'));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: 'start' }); }
  });

  if (!main || !main.dataset.stream || !window.EventSource) return;
  const live = document.querySelector('.live');
  let changes = 0;
  let timer = 0;

  // The list is read again from the server, so that there is one way to draw it.
  const refresh = async () => {
    const shown = new Set(cards().map((c) => c.dataset.claim));
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const name of ['#claims', '.totals', '.pager']) {
      const old = document.querySelector(name);
      const fresh = page.querySelector(name);
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    for (const c of cards()) c.classList.toggle('fresh', !shown.has(c.dataset.claim));
    changes = 0;
    live.hidden = true;
    live.replaceChildren();
  };

  const offer = () => {
    timer = 0;
    const reading = window.scrollY > 120 || document.querySelector('#claims details[open]') ||
      (document.activeElement && document.activeElement.closest('#claims, .filters'));
    if (!reading) { refresh(); return; }
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = changes === 1 ? 'One change. Show it' : `${changes} changes. Show them`;
    button.addEventListener('click', () => { refresh(); window.scrollTo(0, 0); });
    live.replaceChildren(button);
    live.hidden = false;
  };

  // A page that is left must not hold its connection; one that is shown again is old.
  const source = new EventSource(main.dataset.stream);
  window.addEventListener('pagehide', () => source.close());
  window.addEventListener('pageshow', (e) => { if (e.persisted) location.reload(); });
  source.addEventListener('message', () => {
    changes++;
    timer = timer || setTimeout(offer, 800);
  });
  // The stream has moved on too far (410): the list is read anew.
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
})();
