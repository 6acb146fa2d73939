// The team's side of the same conversation: read, take over, reply, hand back.
import {ask, el, icon, leftUntil, Refusal, setText, sync, timeOf}
  from './dom.js';

const authors = {
  customer: ['person', 'Customer'],
  ai: ['spark', 'AI'],
  human: ['person', 'Team'],
  phone: ['person', 'Team, by phone'],
  system: ['note', 'Note'],
};

const states = {
  received: '', queued: 'queued', sending: 'sending', sent: 'sent',
  delivered: 'delivered', read: 'read', failed: 'failed',
  unknown: 'unknown whether it arrived', cancelled: 'not sent',
  withdrawn: 'taken back by the customer',
};

const turnKinds = {public_reply: 'public reply', private_reply: 'private reply',
                   note: 'for the team'};

const rest = 1500;

export class Team {
  constructor(pane, facts, tell) {
    this.pane = pane;
    this.facts = facts;
    this.tell = tell;
    this.build();
    setInterval(() => this.tick(), 1000);
  }

  build() {
    this.mode = el('span', {class: 'mode'});
    this.window = el('span', {class: 'fact'});
    this.erase = el('span', {class: 'fact'});
    this.take = el('button', {type: 'button', class: 'strong',
                              title: 'The AI falls silent',
                              onclick: () => this.act('take')}, 'Take over');
    this.back = el('button', {type: 'button',
                              title: 'The AI answers again',
                              onclick: () => this.act('return')}, 'Hand back');
    this.turns = el('div', {class: 'turns', role: 'log', 'aria-live': 'polite',
                            'aria-label': 'Transcript', tabindex: '0'});
    this.trouble = el('p', {class: 'trouble', role: 'alert', hidden: true});
    this.text = el('textarea', {
      id: 'team-text', rows: '2', maxlength: '4000',
      onkeydown: (event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          this.reply();
        }
      },
      oninput: () => this.allow(),
    });
    this.send = el('button', {type: 'submit', class: 'strong'}, 'Reply');
    this.form = el('form', {
      class: 'desk',
      onsubmit: (event) => { event.preventDefault(); this.reply(); },
    },
    el('label', {for: 'team-text'}, 'Reply as the team'), this.text,
    el('div', {class: 'row'}, this.hint = el('span', {class: 'hint'}, 'Ctrl + Enter sends'), this.send));
    this.summary = el('div', {class: 'facts'}, this.mode, this.window, this.erase,
      el('span', {class: 'spread'}), this.take, this.back);
    this.nothing = el('div', {class: 'empty'});
    this.pane.replaceChildren(this.summary, this.turns, this.nothing,
      this.trouble, this.form);
    this.draw();
  }

  open(where) {
    this.stopped?.abort();
    this.stopped = new AbortController();
    this.where = where;
    this.talk = null;
    this.had = false;
    this.text.value = '';
    this.complain('');
    this.draw();
    this.tell(null);
    if (this.facts.team) this.follow(this.stopped.signal);
  }

  get path() {
    const {kind, name} = this.where;
    return `/sandbox/team/${kind}/${encodeURIComponent(name)}`;
  }

  async follow(signal) {
    while (!signal.aborted) {
      try {
        const query = new URLSearchParams({account: this.where.account});
        if (this.where.post) query.set('post', this.where.post.id);
        this.came(await ask('GET', `${this.path}?${query}`, null, signal));
        if (this.lost) this.complain('');
        this.lost = false;
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.lost = true;
        this.complain(error.message);
      }
      await new Promise((done) => setTimeout(done, rest));
    }
  }

  came(answer) {
    this.talk = answer?.conversation ?? null;
    this.had = this.had || Boolean(this.talk);
    this.draw();
    this.tell(this.talk);
  }

  async act(what, more = {}) {
    if (this.busy || !this.talk) return false;
    this.busy = true;
    this.allow();
    try {
      this.came(await ask('POST', `${this.path}/${what}`,
        {account: this.where.account, post: this.where.post?.id, ...more}));
      this.complain('');
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.complain(error.message);
      return false;
    } finally {
      this.busy = false;
      this.allow();
    }
  }

  /** A reply of the team silences the AI first. */
  async reply() {
    const text = this.text.value.trim();
    if (!text) return;
    if (this.talk?.mode !== 'human' && !(await this.act('take'))) return;
    if (await this.act('reply', {text})) this.text.value = '';
    this.allow();
  }

  complain(text) {
    this.trouble.hidden = !text;
    setText(this.trouble, text);
  }

  allow() {
    const human = this.talk?.mode === 'human';
    const [shown, other] = human ? [this.back, this.take]
                                 : [this.take, this.back];
    const focused = document.activeElement === other;
    shown.hidden = false;
    other.hidden = true;
    if (focused) shown.focus();
    this.take.disabled = this.back.disabled = !this.talk;
    this.send.disabled = this.busy || !this.talk || !this.text.value.trim();
  }

  draw() {
    const {talk} = this;
    for (const part of [this.summary, this.turns, this.form]) part.hidden = !talk;
    this.nothing.hidden = Boolean(talk);
    if (!talk) {
      this.nothing.replaceChildren(...this.emptyWords());
      return;
    }
    const human = talk.mode === 'human';
    setText(this.mode, human ? 'A person answers' : 'The AI answers');
    this.mode.classList.toggle('human', human);
    setText(this.hint, human ? 'Ctrl + Enter sends'
                             : 'Replying takes the conversation over');
    const atEnd = this.turns.scrollHeight - this.turns.scrollTop
      - this.turns.clientHeight < 60;
    sync(this.turns, (talk.turns || []).map((turn, index) => ({...turn, index})),
      (turn) => turn.index, (turn) => this.turn(turn),
      (element, turn) => this.freshen(element, turn));
    if (atEnd) this.turns.scrollTop = this.turns.scrollHeight;
    this.allow();
    this.tick();
  }

  emptyWords() {
    if (!this.facts.team)
      return [el('span', {class: 'badge big'}, icon('person')),
        el('p', {class: 'lead'}, 'No team side here'),
        el('p', {}, 'Start “assistly demo” to see the business’s side of the conversation beside the phone, take it over, reply and hand it back. “assistly sandbox” plays Meta alone.')];
    if (this.had)
      return [el('span', {class: 'badge big'}, icon('clock')),
        el('p', {class: 'lead'}, 'Erased'),
        el('p', {}, 'Its time was over. Nothing of this conversation is left on the server; the phone keeps its own copy, as a real one does.')];
    return [el('span', {class: 'badge big'}, icon('person')),
      el('p', {class: 'lead'}, 'No conversation yet'),
      el('p', {}, 'Write something on the phone. The conversation appears here as the team sees it.')];
  }

  turn(turn) {
    const known = authors[turn.author] || ['note', turn.author];
    return el('div', {class: `turn ${turn.author}`},
      el('span', {class: 'who-wrote'}, icon(known[0]), known[1]),
      el('p', {dir: 'auto', class: 'words'}), el('span', {class: 'foot'}));
  }

  freshen(element, turn) {
    setText(element.querySelector('.words'), turn.text || '');
    const parts = [timeOf(turn.at), turnKinds[turn.kind],
                   states[turn.state] ?? turn.state];
    const foot = element.querySelector('.foot');
    setText(foot, parts.filter(Boolean).join(' · '));
    foot.classList.toggle('bad', ['failed', 'unknown'].includes(turn.state));
  }

  tick() {
    if (!this.talk) return;
    const open = this.talk.window_closes_at ? leftUntil(this.talk.window_closes_at) : '';
    setText(this.window, this.talk.window_closes_at
      ? (open ? `Reply window ${open}` : 'Reply window closed') : '');
    const left = this.talk.erase_at ? leftUntil(this.talk.erase_at) : '';
    setText(this.erase, left ? `Erases itself in ${left}` : '');
  }
}
