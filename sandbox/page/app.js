// Which channel, which customer; the rest is in phone.js, team.js, calls.js.
import {ask, el, icon, Refusal, setText} from './dom.js';
import {Phone} from './phone.js';
import {Team} from './team.js';
import {Calls} from './calls.js';

const kinds = {
  messenger: {label: 'Messenger', short: 'Messenger'},
  instagram: {label: 'Instagram message', short: 'Instagram'},
  whatsapp: {label: 'WhatsApp', short: 'WhatsApp'},
  page_comments: {label: 'Comment on a Page', short: 'Page post'},
  instagram_comments: {label: 'Comment on Instagram', short: 'Insta post'},
};

const byId = (id) => document.getElementById(id);

/** What the address says: two tabs can be two customers. */
function fromAddress() {
  const asked = new URLSearchParams(location.search);
  return {
    kind: asked.get('channel') || '',
    name: asked.get('as') || 'Ana',
    side: asked.get('side') === 'team' ? 'team' : 'phone',
  };
}

function toAddress(view) {
  const said = new URLSearchParams({channel: view.kind, as: view.name});
  if (view.side === 'team') said.set('side', 'team');
  history.replaceState(null, '', `?${said}`);
}

class App {
  constructor(facts) {
    this.facts = facts;
    this.view = fromAddress();
    if (!facts.channels.some((one) => one.kind === this.view.kind))
      this.view.kind = facts.channels[0].kind;
    this.phone = new Phone(byId, facts);
    this.team = new Team(byId('pane-talk'), facts, (talk) => {
      this.phone.showTalk(talk);
    });
    this.calls = new Calls(byId('pane-calls'));
    this.drawChannels();
    this.listen();
    this.showSide(this.view.side);
    this.choose(this.view.kind);
    this.watchLink();
  }

  listen() {
    const name = byId('name');
    name.value = this.view.name;
    const rename = () => {
      const typed = name.value.trim() || 'Ana';
      name.value = typed;
      if (typed === this.view.name) return;
      this.view.name = typed;
      this.open();
    };
    name.addEventListener('change', rename);
    name.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') byId('text').focus();
    });
    byId('place').addEventListener('change', () => this.open());
    byId('show-phone').addEventListener('click', () => this.showSide('phone'));
    byId('show-team').addEventListener('click', () => this.showSide('team'));
    byId('tab-talk').addEventListener('click', () => this.showPane('talk'));
    byId('tab-calls').addEventListener('click', () => this.showPane('calls'));
  }

  drawChannels() {
    const seen = new Set();
    for (const {kind} of this.facts.channels) {
      if (seen.has(kind) || !kinds[kind]) continue;
      seen.add(kind);
      const input = el('input', {
        type: 'radio', name: 'channel', value: kind, class: 'quiet',
        'aria-label': kinds[kind].label,
        onchange: () => this.choose(kind),
      });
      byId('channels').append(el('label', {class: 'channel', 'data-kind': kind},
        input, el('span', {class: 'badge'}, icon(kind)),
        el('span', {class: 'caption'}, kinds[kind].short)));
    }
  }

  choose(kind) {
    this.view.kind = kind;
    byId('channels').querySelector(`[value=${kind}]`).checked = true;
    document.body.dataset.kind = kind;
    const places = this.facts.channels
      .filter((one) => one.kind === kind)
      .flatMap((one) => (one.posts || [null]).map((post) => ({one, post})));
    this.places = places;
    const select = byId('place');
    select.replaceChildren(...places.map(({one, post}, index) =>
      el('option', {value: index},
        post ? `Post: ${post.text.slice(0, 40)}` : one.name)));
    select.hidden = places.length < 2;
    this.open();
  }

  open() {
    const {one, post} = this.places[Number(byId('place').value) || 0];
    toAddress(this.view);
    const where = {kind: this.view.kind, label: kinds[this.view.kind].label,
                   account: one.account_id, business: one.name, post,
                   name: this.view.name};
    this.phone.open(where);
    this.team.open(where);
  }

  showSide(side) {
    this.view.side = side;
    document.body.dataset.side = side;
    byId('show-phone').setAttribute('aria-pressed', String(side === 'phone'));
    byId('show-team').setAttribute('aria-pressed', String(side === 'team'));
    if (this.places) toAddress(this.view);
  }

  showPane(pane) {
    for (const one of ['talk', 'calls']) {
      byId(`pane-${one}`).hidden = one !== pane;
      byId(`tab-${one}`).setAttribute('aria-pressed', String(one === pane));
    }
    this.calls.show(pane === 'calls');
  }

  /** Whether webhooks get through, in the corner. */
  async watchLink() {
    const link = byId('link');
    for (;;) {
      let good = false;
      let text;
      try {
        const {webhooks} = await ask('GET', '/sandbox/stats');
        const trouble = webhooks.failed > (this.failed ?? webhooks.failed);
        this.failed = webhooks.failed;
        if (webhooks.handshake === 'refused')
          text = 'Handshake refused';
        else if (trouble || webhooks.waiting > 20)
          text = 'Server takes no webhooks';
        else if (webhooks.handshake === 'unreachable' && !webhooks.accepted)
          text = 'Server not reachable';
        else [good, text] = [true, webhooks.accepted
          ? `${webhooks.accepted} webhooks` : 'Ready'];
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        text = 'Sandbox has ended';
      }
      link.classList.toggle('bad', !good);
      setText(link, text);
      await new Promise((done) => setTimeout(done, 4000));
    }
  }
}

async function start() {
  try {
    const facts = await ask('GET', '/sandbox/channels');
    if (!facts.channels.length)
      throw new Refusal('The sandbox has no channels. Add some to its tenant file and start it again.');
    new App(facts);
  } catch (error) {
    const trouble = byId('trouble');
    trouble.hidden = false;
    setText(trouble, error.message);
  }
}

start();
