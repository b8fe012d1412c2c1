import { useState } from 'react';

import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

/** What to sign in, and where. */
export interface SignInWish {
  readonly provider: string;
  readonly label: string;
  /** With a code on any device; else in a window beside this one. */
  readonly isDevice: boolean;
}

const POPUP = 'popup,width=560,height=720';

/** Begins a sign-in. The window opens with the click itself, since browsers keep back those that open later. */
export function useSignIn() {
  const init = useChange('oauth.init');
  const [popup, setPopup] = useState<Window | null>(null);
  const begin = ({ provider, label, isDevice }: SignInWish): void => {
    const opened = isDevice ? null : window.open('about:blank', 'patchbay-sign-in', POPUP);
    setPopup(opened);
    const onSuccess = ({ auth_url: url }: Answer<'oauth.init'>): void => {
      if (opened !== null && isWebAddress(url)) opened.location.href = url;
    };
    init.mutate(
      { body: { provider, ...(label !== '' && { label }), ...(isDevice && { flow_type: 'device' as const }) } },
      { onSuccess, onError: () => opened?.close() },
    );
  };
  return {
    begin,
    /** Forgets the sign-in that was begun, and shuts its window. */
    leave: (): void => {
      popup?.close();
      init.reset();
    },
    started: init.data,
    popup,
    isPending: init.isPending,
    failure: init.error === null ? undefined : failureOf(init.error),
  };
}

/** An address that a window may go to. */
export const isWebAddress = (url: string): boolean => /^https?:\/\//.test(url);
