import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
