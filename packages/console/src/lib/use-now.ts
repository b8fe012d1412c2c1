import { useEffect, useState } from 'react';

/** The time of now, in milliseconds since 1970; renewed every `everyMs` so that what tells ages stays true. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
