import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { Done } from '../resources/page.ts';
import { ConsoleSession, Login } from '../resources/user.ts';

const FACE = 'catalogue';
const PATH = '/api/session';
const Nothing = z.object({});

/** Operations of a browser's session, by id. Other clients sign in with `auth.login`. */
export const SESSION_OPERATIONS = {
  'session.open': operation({
    id: 'session.open',
    face: FACE,
    method: 'POST',
    path: PATH,
    permission: 'public',
    summary: 'Sign a browser in: the answer sets a cookie that pages cannot read.',
    body: Login,
    output: ConsoleSession,
    failures: ['INVALID_CREDENTIALS', 'ACCOUNT_LOCKED', 'VALIDATION_ERROR'],
    reads: true,
  }),
  'session.get': operation({
    id: 'session.get',
    face: FACE,
    method: 'GET',
    path: PATH,
    permission: 'signed-in',
    summary: 'Who is signed in, what that one may, and the word to send with changes.',
    output: ConsoleSession,
    // That is how a page finds out that nobody is.
    refusalIsExpected: true,
  }),
  'session.renew': operation({
    id: 'session.renew',
    face: FACE,
    method: 'POST',
    path: `${PATH}/renew`,
    permission: 'signed-in',
    summary: 'Make the session of this browser last on from now.',
    body: Nothing,
    bodyOptional: true,
    output: ConsoleSession,
    reads: true,
  }),
  'session.close': operation({
    id: 'session.close',
    face: FACE,
    method: 'POST',
    path: `${PATH}/close`,
    permission: 'signed-in',
    summary: 'End this session; the browser forgets its cookie.',
    body: Nothing,
    bodyOptional: true,
    output: Done,
    reads: true,
  }),
} as const;
