import type { OutgoingHttpHeaders } from 'node:http';

import type { AnswerSink, ClientWatcher } from './client-sink.ts';

/** A sink before another that passes everything on: what reads or changes answers on their way begins here. */
export class PassingSink implements AnswerSink {
  protected readonly next: AnswerSink;

  constructor(next: AnswerSink) {
    this.next = next;
  }

  get watcher(): ClientWatcher | undefined {
    return this.next.watcher;
  }

  set watcher(watcher: ClientWatcher | undefined) {
    this.next.watcher = watcher;
  }

  get gone(): boolean {
    return this.next.gone;
  }

  get started(): boolean {
    return this.next.started;
  }

  get status(): number {
    return this.next.status;
  }

  add(headers: OutgoingHttpHeaders): void {
    this.next.add(headers);
  }

  start(status: number, headers: OutgoingHttpHeaders): void {
    this.next.start(status, headers);
  }

  write(data: Buffer | string): boolean {
    return this.next.write(data);
  }

  end(data?: Buffer | string): void {
    this.next.end(data);
  }
}
