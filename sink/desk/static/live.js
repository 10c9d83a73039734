// The page reads well without this script. With it, a list hears of changes as
// they come, j and k move between claims, p pauses, and a filter can be watched.
'use strict';

(() => {
  const main = document.getElementById('main');
  const pause = document.getElementById('pause');
  const watch = document.getElementById('watch');
  const pressed = (b) => b && b.getAttribute('aria-pressed') === 'true';
  const cards = () => [...document.querySelectorAll('.claim')];

  document.addEventListener('keydown', (e) => {
    const typing = e.target.closest && e.target.closest('input, select, textarea');
    if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === '/') {
      const search = document.getElementById('search');
      if (search) { e.preventDefault(); search.focus(); }
      return;
    }
    if (e.key === 'p' && pause) { pause.click(); return; }
    const step = { j: 1, k: -1 }[e.key];
    if (!step) return;
    const all = cards();
    const at = all.indexOf(document.activeElement && document.activeElement.closest('.claim'));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: 'start' }); }
  });

  // Of the form for reports only what goes with the choice is shown.
  const choice = document.querySelector('.report select[name=action]');
  if (choice) {
    const fit = () => {
      for (const l of choice.form.querySelectorAll('[data-for]')) l.hidden = !l.dataset.for.split(' ').includes(choice.value);
    };
    choice.addEventListener('change', fit);
    fit();
  }

  if (!main || !main.dataset.stream || !window.EventSource) return;
  const live = document.querySelector('.live');
  let changes = 0;
  let timer = 0;

  // What was not there when the page was opened is marked as fresh for a while.
  const known = new Set(cards().map((c) => c.dataset.claim));
  const freshFor = 60_000;
  const markFresh = () => {
    const now = cards().filter((c) => !known.has(c.dataset.claim));
    for (const c of now) c.classList.add('fresh');
    setTimeout(() => {
      for (const c of now) known.add(c.dataset.claim);
      for (const c of cards()) if (known.has(c.dataset.claim)) c.classList.remove('fresh');
    }, freshFor);
  };

  // The list is read again from the server, so that there is one way to draw it.
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const name of ['#claims', '.totals', '.pager']) { // what is open stays so: see offer
      const old = document.querySelector(name);
      const fresh = page.querySelector(name);
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    markFresh();
    changes = 0;
    live.hidden = true;
    live.replaceChildren();
  };

  const offer = () => {
    timer = 0;
    if (pressed(pause)) return;
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

  // Switches. A watched filter is its address, kept in this browser; the alert is a
  // number in the title and a silent notification, if the browser may show one.
  const title = document.title;
  const key = 'watch ' + location.search;
  let unseen = 0;
  const alarm = (change) => {
    if (!document.hidden) return;
    unseen++;
    document.title = `(${unseen}) ${title}`;
    if (window.Notification && Notification.permission === 'granted') {
      new Notification('claimwire: ' + change.change, { body: change.claim.text, silent: true, tag: change.claim.id });
    }
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) { unseen = 0; document.title = title; }
  });
  const press = (b, on) => b.setAttribute('aria-pressed', String(on));
  document.querySelector('.switches').hidden = false;
  pause.addEventListener('click', () => {
    press(pause, !pressed(pause));
    tell();
    if (!pressed(pause) && changes > 0) offer();
  });
  try { press(watch, localStorage.getItem(key) === 'on'); } catch { watch.hidden = true; }
  watch.addEventListener('click', () => {
    press(watch, !pressed(watch));
    if (pressed(watch)) {
      localStorage.setItem(key, 'on');
      if (window.Notification && Notification.permission === 'default') Notification.requestPermission();
    } else localStorage.removeItem(key);
  });

  // A page that is left must not hold its connection; one that is shown again is old.
  const source = new EventSource(main.dataset.stream);
  const pulse = document.getElementById('pulse');
  const tell = () => {
    const open = source.readyState === EventSource.OPEN;
    const words = !open ? 'connection lost' : pressed(pause) ? (changes ? `paused, ${changes} new` : 'paused') : 'live';
    if (pulse.textContent !== words) pulse.textContent = words;
    pulse.classList.toggle('on', open && !pressed(pause));
    pulse.classList.toggle('off', !open);
  };
  source.addEventListener('open', tell);
  window.addEventListener('pagehide', () => source.close());
  window.addEventListener('pageshow', (e) => { if (e.persisted) location.reload(); });
  source.addEventListener('message', (e) => {
    changes++;
    if (pressed(pause)) tell();
    if (pressed(watch)) alarm(JSON.parse(e.data));
    timer = timer || setTimeout(offer, 800);
  });
  // The stream has moved on too far (410): the list is read anew.
  source.addEventListener('error', () => {
    tell();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
})();
