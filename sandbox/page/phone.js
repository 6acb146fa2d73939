// The customer's phone: one thread of messages, or a post and its comments.
import {ask, el, icon, initialOf, leftUntil, Refusal, setText, sync, timeOf}
  from './dom.js';

const ticks = {
  sending: ['clock', 'On its way'],
  delivered: ['two', 'Delivered'],
  read: ['two', 'Read'],
  failed: ['warn', 'Not delivered'],
};

/** How long dots promise an answer. */
const patience = 30000;

export class Phone {
  constructor(byId, facts) {
    this.facts = facts;
    for (const id of ['thread', 'trouble', 'composer', 'text', 'send', 'face',
                      'business', 'about', 'answering'])
      this[id] = byId(id);
    this.send.append(icon('send'));
    this.composer.addEventListener('submit', (event) => {
      event.preventDefault();
      this.write();
    });
    this.text.addEventListener('input', () => this.fitText());
    this.text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.write();
      }
      if (event.key === 'Escape') this.answer(null);
    });
    setInterval(() => this.tick(), 1000);
  }

  /** Shows another thread and keeps it fresh until the next one. */
  open(where) {
    this.stopped?.abort();
    this.stopped = new AbortController();
    this.where = where;
    this.lines = new Map();
    this.next = 0;
    this.typing = false;
    this.talk = null;
    this.isComments = Boolean(where.post);
    this.thread.replaceChildren();
    this.thread.classList.toggle('comments', this.isComments);
    setText(this.face, initialOf(where.business));
    setText(this.business, where.business);
    this.text.placeholder = this.isComments ? 'Write a comment…' : 'Message';
    this.answer(null);
    this.complain('');
    this.draw();
    this.follow(where, this.stopped.signal);
  }

  async follow(where, signal) {
    const place = new URLSearchParams({account: where.account});
    if (where.post) place.set('post', where.post.id);
    const path = `/sandbox/threads/${where.kind}/${encodeURIComponent(where.name)}`;
    let asked = false;
    while (!signal.aborted) {
      try {
        const after = asked ? `&after=${this.next}` : '';
        const came = await ask('GET', `${path}?${place}${after}`, null, signal);
        if (this.lost) this.complain('');
        this.lost = false;
        asked = true;
        if (came.complete) this.lines.clear();
        for (const line of came.lines) this.lines.set(line.id, line);
        this.typing = came.typing;
        this.me = came.customer;
        this.next = came.next;
        this.draw();
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.lost = true;
        this.complain(error.message);
        await new Promise((done) => setTimeout(done, 2000));
      }
    }
  }

  async write(given) {
    const text = (given ?? this.text.value).trim();
    if (!text || this.sending) return;
    this.sending = true;
    this.send.disabled = true;
    const {where} = this;
    try {
      await ask('POST',
        `/sandbox/customers/${encodeURIComponent(where.name)}/messages`,
        {channel: where.kind, account: where.account, text,
         post: where.post?.id, reply_to_comment: this.target?.id});
      if (given === undefined) this.text.value = '';
      this.answer(null);
      this.complain('');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.complain(error.message);
    } finally {
      this.sending = false;
      this.fitText();
    }
  }

  async removeComment(line) {
    try {
      await ask('DELETE', `/sandbox/customers/${
        encodeURIComponent(this.where.name)}/comments/${
        encodeURIComponent(line.id)}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.complain(error.message);
    }
  }

  /** Aims the next comment at another one; at the post for null. */
  answer(line) {
    this.target = line;
    this.answering.hidden = !line;
    this.answering.replaceChildren();
    if (!line) return;
    this.answering.append(
      el('span', {}, `Answering ${line.name}`),
      el('button', {type: 'button', 'aria-label': 'Answer the post instead',
                    onclick: () => this.answer(null)}, icon('cross')));
    this.text.focus();
  }

  complain(text) {
    this.trouble.hidden = !text;
    setText(this.trouble, text);
  }

  /** What the team side knows of this conversation; null for nothing. */
  showTalk(talk) {
    this.talk = talk;
    this.tick();
  }

  tick() {
    if (!this.where) return;
    const left = this.talk?.erase_at ? leftUntil(this.talk.erase_at) : '';
    const mode = this.talk?.mode === 'human' ? 'A person answers' : this.where.label;
    setText(this.about, left ? `${mode} · erases itself in ${left}` : mode);
    this.drawTyping();
  }

  fitText() {
    this.send.disabled = this.sending || !this.text.value.trim();
    const most = 120;
    this.text.style.height = 'auto';
    // The height of what is in it, and of its border.
    const wanted = this.text.scrollHeight + 2;
    this.text.style.height = `${Math.min(wanted, most)}px`;
    this.text.style.overflowY = wanted > most ? 'auto' : 'hidden';
  }

  draw() {
    const atEnd = this.thread.scrollHeight - this.thread.scrollTop
      - this.thread.clientHeight < 80;
    const lines = [...this.lines.values()].filter((line) => !line.removed);
    lines.sort((a, b) => a.at.localeCompare(b.at));
    if (this.isComments) this.drawComments(lines);
    else this.drawMessages(lines);
    this.drawTyping();
    if (atEnd && (lines.length || !this.isComments))
      this.thread.scrollTop = this.thread.scrollHeight;
  }

  drawMessages(lines) {
    const items = lines.length ? lines : [{id: 'empty', empty: true}];
    sync(this.part('list'), items, (line) => line.id,
      (line) => (line.empty ? this.empty() : this.bubble(line)),
      (element, line) => { if (!line.empty) this.freshen(element, line); });
  }

  /** A child of the thread that stays. */
  part(name) {
    let found = this.thread.querySelector(`:scope > .${name}`);
    if (!found) {
      found = el('div', {class: name});
      if (name === 'post') this.thread.prepend(found);
      else this.thread.append(found);
    }
    return found;
  }

  empty() {
    const ask = this.isComments ? 'Be the first to comment'
                                : `Write to ${this.where.business}`;
    return el('div', {class: 'empty'},
      el('span', {class: 'badge big'}, icon(this.where.kind)),
      el('p', {class: 'lead'}, ask),
      el('p', {}, `What ${this.where.name} writes here reaches the server as a signed webhook. Answers appear by themselves.`),
      el('div', {class: 'chips'}, ...this.facts.suggestions.map((text) =>
        el('button', {type: 'button', class: 'chip', dir: 'auto',
                      onclick: () => this.write(text)}, text))));
  }

  bubble(line) {
    const from = line.author === 'business' ? 'theirs' : 'mine';
    return el('div', {class: `bubble ${from}`, dir: 'auto'},
      el('span', {class: 'quiet'}, `${line.name}: `),
      el('span', {class: 'words'}), el('span', {class: 'foot'}),
      el('span', {class: 'note'}));
  }

  /** Brings state, time and note of a line up to date. */
  freshen(element, line) {
    setText(element.querySelector('.words'), line.text);
    const foot = element.querySelector('.foot');
    const mine = line.author === 'customer' && line.customer === this.me;
    const state = mine ? line.state : '';
    if (element.dataset.state !== state || !foot.firstChild) {
      element.dataset.state = state;
      foot.replaceChildren(el('time', {datetime: line.at}, timeOf(line.at)));
      if (mine)
        foot.append(icon(ticks[line.state][0]),
          el('span', {class: 'quiet'}, ticks[line.state][1]));
    }
    setText(element.querySelector('.note'), line.note || '');
  }

  drawComments(lines) {
    this.part('post');
    if (!this.part('post').firstChild) this.part('post').append(this.postCard());
    const tops = lines.filter((line) => !line.parent);
    const known = new Set(tops.map((line) => line.id));
    const items = [];
    for (const top of tops) {
      items.push(top);
      items.push(...lines.filter((line) => line.parent === top.id
        || (line.parent && lines.some((one) => one.id === line.parent
                                            && one.parent === top.id))));
    }
    // An answer whose comment is gone stands by itself.
    items.push(...lines.filter((line) => line.parent && !items.includes(line)
                                         && !known.has(line.parent)));
    sync(this.part('list'), items.length ? items : [{id: 'empty', empty: true}],
      (line) => line.id,
      (line) => (line.empty ? this.empty() : this.comment(line)),
      (element, line) => { if (!line.empty) this.freshen(element, line); });
  }

  postCard() {
    const {business, post} = this.where;
    return el('article', {class: 'card'},
      el('header', {}, el('span', {class: 'face', 'aria-hidden': 'true'}, initialOf(business)),
        el('div', {}, el('strong', {}, business), el('span', {}, 'Today · Public'))),
      el('p', {dir: 'auto'}, post.text),
      el('div', {class: 'picture', 'aria-hidden': 'true'}));
  }

  comment(line) {
    const hidden = line.kind === 'private_reply';
    const business = line.author === 'business';
    const classes = ['comment', line.parent ? 'reply' : '', hidden ? 'private' : '',
                     business ? 'theirs' : 'mine'];
    const acts = el('span', {class: 'acts'}, el('span', {class: 'foot'}));
    if (!hidden)
      acts.append(el('button', {type: 'button', onclick: () => this.answer(line)}, 'Reply'));
    if (!business && line.customer === this.me)
      acts.append(el('button', {type: 'button', onclick: () => this.removeComment(line)}, 'Delete'));
    const title = hidden
      ? el('span', {class: 'sealed'}, icon('lock'), `Private message from ${line.name}`)
      : el('strong', {}, line.name);
    return el('div', {class: classes.filter(Boolean).join(' ')},
      el('span', {class: 'face small', 'aria-hidden': 'true'}, initialOf(line.name)),
      el('div', {class: 'body'},
        el('div', {class: 'box', dir: 'auto'}, title, el('span', {class: 'words'})),
        acts, el('span', {class: 'note'})));
  }

  /** Dots while an answer may still come. */
  drawTyping() {
    const lines = [...this.lines.values()].filter((line) => !line.removed);
    lines.sort((a, b) => a.at.localeCompare(b.at));
    const mine = lines.filter((line) => line.author === 'customer'
                                        && line.customer === this.me);
    const last = mine.at(-1);
    const answered = last && lines.some((line) => line.author === 'business'
      && line.customer === this.me && line.at >= last.at);
    const waiting = last && !answered && last.state !== 'failed'
      && this.talk?.mode !== 'human'
      && Date.now() - new Date(last.at).getTime() < patience;
    const row = this.part('typing');
    const shown = Boolean(this.typing || waiting);
    if (shown === Boolean(row.firstChild)) return;
    row.replaceChildren();
    if (!shown) return;
    row.append(el('span', {class: 'dots'}, el('i'), el('i'), el('i')),
      el('span', {class: 'quiet'}, `${this.where.business} is writing`));
    if (!this.isComments) this.thread.scrollTop = this.thread.scrollHeight;
  }
}
