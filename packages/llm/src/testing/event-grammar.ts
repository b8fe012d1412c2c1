import type { StreamEvent } from '../model/event.ts';
import { hearEnd, hearEvent, newHearing } from '../model/event-grammar.ts';

/** Every place where `events` leave the grammar that `StreamEvent` documents, in words; empty for a legal stream. */
export function checkEventGrammar(events: readonly StreamEvent[]): readonly string[] {
  const hearing = newHearing();
  const violations = events.flatMap((event, at) => {
    const complaint = hearEvent(hearing, event);
    return complaint === undefined ? [] : [`event ${at} (${event.type}): ${complaint.sentence}`];
  });
  const end = hearEnd(hearing);
  return end === undefined ? violations : [...violations, end.sentence];
}
