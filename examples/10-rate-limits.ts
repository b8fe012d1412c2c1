/** Asks no faster than agreed, instead of being refused. */
import { newTokenBucketRateLimiter } from '@patchbay/llm';

const limiter = newTokenBucketRateLimiter(2);
console.log(limiter.allow(), limiter.allow(), limiter.allow()); // → true true false
await limiter.wait();
console.log('now it may'); // → now it may
