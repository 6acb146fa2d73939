// What the server asked of "Meta": the last calls of the Graph API.
import {ask, el, setText, sync, timeOf} from './dom.js';

const most = 200;

export class Calls {
  constructor(pane) {
    this.pane = pane;
    this.after = 0;
    this.calls = [];
    this.list = el('div', {class: 'calls'});
    this.nothing = el('div', {class: 'empty'},
      el('p', {class: 'lead'}, 'No calls yet'),
      el('p', {}, 'Every message and comment the server sends to Meta’s Graph API is listed here, with Meta’s answer.'));
    pane.append(this.list, this.nothing);
  }

  show(on) {
    clearTimeout(this.timer);
    if (on) this.look();
  }

  async look() {
    try {
      const came = await ask('GET', `/sandbox/requests?after=${this.after}`);
      this.after = came.next;
      this.calls.push(...came.requests);
      this.calls.splice(0, this.calls.length - most);
      this.draw();
    } catch {
      // The corner of the page already says that the sandbox has ended.
    }
    this.timer = setTimeout(() => this.look(), 1500);
  }

  draw() {
    this.nothing.hidden = this.calls.length > 0;
    sync(this.list, [...this.calls].reverse(), (one) => one.n, (one) => this.row(one),
      () => {});
  }

  row(one) {
    const good = one.result.status === 200;
    const made = el('div', {class: 'call'},
      el('span', {class: `status ${good ? 'good' : 'bad'}`},
        one.result.status ? String(one.result.status) : '—'),
      el('code', {}, `${one.method} ${one.path}`),
      el('span', {class: 'foot'}));
    const error = one.result.code
      ? `error ${one.result.code}${one.result.subcode ? `/${one.result.subcode}` : ''}` : '';
    setText(made.querySelector('.foot'), [timeOf(one.at_us / 1000), error,
      one.fault ? `fault: ${one.fault}` : ''].filter(Boolean).join(' · '));
    if (one.text) made.append(el('p', {dir: 'auto'}, one.text));
    return made;
  }
}
