import { drawCard } from './card.js';
import { make } from './make.js';

const log = document.querySelector('#log');
const form = document.querySelector('#form');
const input = document.querySelector('#text');
const link = document.querySelector('#link');
/** Cards on the page by id: an update moves the newest one. */
const cards = new Map();
let words = {};
/** The answer that is being waited for: a model's grows here. */
let growing = null;

function conversationId() {
  try {
    const known = localStorage.getItem('conversation');
    if (known) return known;
    const fresh = crypto.randomUUID();
    localStorage.setItem('conversation', fresh);
    return fresh;
  } catch {
    return crypto.randomUUID();
  }
}
const conversation = conversationId();

const get = async (path) => (await fetch(`/api/v1${path}`)).json();

function toEnd() {
  log.lastElementChild?.scrollIntoView({
    block: 'end',
    behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
  });
}

function showMessage(from, { text, card }) {
  const row = make('article', `message ${from}`);
  if (text && !(card && from === 'xiaoqing')) row.append(make('p', 'bubble', text));
  // A text that begins with the card's title as a sentence says the card in words.
  else if (text && card && text !== card.title && !text.startsWith(`${card.title}。`))
    row.append(make('p', 'bubble quiet', text));
  if (card) {
    const drawn = drawCard(card, press, words);
    cards.set(card.id, drawn);
    row.append(drawn);
  }
  log.append(row);
  toEnd();
  return row;
}

function moveCard(card) {
  const known = cards.get(card.id);
  if (!known) return;
  const drawn = drawCard(card, press, words);
  known.replaceWith(drawn);
  cards.set(card.id, drawn);
  toEnd();
}

function press(button) {
  const text = button.action.name === 'say' ? button.action.args.text : button.label;
  return send(text, button.action);
}

async function send(text, action) {
  const mine = showMessage('me', { text });
  const waiting = showMessage('xiaoqing', { text: words['page.thinking'] });
  growing = waiting;
  try {
    const answer = await fetch('/api/v1/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conversation, text, ...(action ? { action } : {}) }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { reply } = await answer.json();
    waiting.remove();
    showMessage('xiaoqing', reply);
  } catch {
    waiting.remove();
    const again = make('button', 'retry', words['page.send_failed']);
    again.type = 'button';
    again.addEventListener('click', () => {
      mine.remove();
      send(text, action);
    });
    mine.append(again);
  }
}

function listen() {
  const events = new EventSource(`/api/v1/conversations/${conversation}/events`);
  let lost = false;
  events.addEventListener('card', (event) => moveCard(JSON.parse(event.data)));
  events.addEventListener('said', (event) => showMessage('xiaoqing', JSON.parse(event.data)));
  events.addEventListener('text', (event) => {
    const bubble = growing?.querySelector('.bubble');
    if (bubble) bubble.textContent = JSON.parse(event.data).text;
    toEnd();
  });
  events.addEventListener('open', () => {
    link.textContent = words['page.online'];
    link.classList.remove('lost');
    if (lost) reload();
    lost = false;
  });
  events.addEventListener('error', () => {
    lost = true;
    link.textContent = words['page.offline'];
    link.classList.add('lost');
  });
}

async function reload() {
  const { messages } = await get(`/conversations/${conversation}/messages`);
  if (messages.length === 0) return;
  log.replaceChildren();
  cards.clear();
  for (const message of messages) showMessage(message.from, message);
}

function suggest() {
  const chips = document.querySelector('#chips');
  for (const key of ['page.try_sync', 'page.try_failures', 'page.try_explain']) {
    const chip = make('button', 'chip', words[key]);
    chip.type = 'button';
    chip.addEventListener('click', () => send(words[key]));
    chips.append(chip);
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = '';
  input.style.height = '';
  send(text);
});
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
input.addEventListener('input', () => {
  input.style.height = 'auto';
  input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
});

words = await get('/phrases');
document.querySelector('#tagline').textContent = words['page.tagline'];
document.querySelector('#send').textContent = words['page.send'];
input.placeholder = words['page.placeholder'];
input.setAttribute('aria-label', words['page.placeholder']);
const status = await get('/status');
if (status.error) showMessage('xiaoqing', { text: `${status.error.message}。${status.error.next}` });
else {
  if (status.mode === 'sandbox') {
    const ribbon = document.querySelector('#ribbon');
    ribbon.textContent = words['page.sandbox'];
    ribbon.hidden = false;
  }
  suggest();
  await reload();
  if (log.childElementCount === 0) showMessage('xiaoqing', { text: words['page.welcome'] });
  listen();
}
