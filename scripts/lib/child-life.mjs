const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const SAME_SIGNAL_MS = 250;
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * In the starter: hands signals on to the child as messages.
 * A signal sent to the whole process group reaches the child by itself as well; as a message the child can
 * tell the copy from a real second signal, which would end it at once.
 */
export function relaySignals(child) {
  for (const signal of SIGNALS) {
    let pending;
    process.on(signal, () => {
      pending ??= setTimeout(() => {
        pending = undefined;
        if (child.connected) child.send({ signal });
        else child.kill(signal);
      }, SAME_SIGNAL_MS / 5);
    });
  }
}

/** In the child: takes the starter's signals, and ends when the starter is killed, so that no orphan keeps the port. */
export function dieWithParent() {
  if (process.channel === undefined) return;
  const lastAtMs = {};
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      lastAtMs[signal] = Date.now();
      if (process.listenerCount(signal) === 1) process.exit(EXIT_CODES[signal]);
    });
  }
  process.on('message', (message) => {
    const signal = message?.signal;
    if (SIGNALS.includes(signal) && Date.now() - (lastAtMs[signal] ?? 0) > SAME_SIGNAL_MS) process.emit(signal, signal);
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}

const LOOK_MS = 100;

/**
 * Under npm: takes the end of the process above for a SIGTERM. npm signals the shell it started, which dies without
 * handing the signal on; the command would run on with nobody to stop it.
 */
export function endWithStarter(commandName) {
  if (process.env.npm_lifecycle_event !== commandName) return;
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  timer.unref();
}
