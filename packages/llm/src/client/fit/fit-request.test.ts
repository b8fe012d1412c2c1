import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Message } from '../../model/message.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Speaks } from '../../providers/define-provider.ts';
import { fitRequest, type FittedRequest } from './fit-request.ts';

const CHAT: Speaks = { format: 'openai-chat', path: '' };
const CLAUDE: Speaks = { format: 'anthropic-messages', path: '' };
const GEMINI: Speaks = { format: 'gemini', path: '', dialect: { budgetModels: ['gemini-2.'] } };

const user: Message = { role: 'user', content: [{ type: 'text', text: 'go' }] };
const request = (more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  model: 'm',
  messages: [user],
  stream: false,
  streamUsage: false,
  ...more,
});
const fit = (speaks: Speaks, model: string, more: Partial<GenerationRequest>): FittedRequest =>
  fitRequest(request(more), { speaks, model });
const told = ({ losses }: FittedRequest): readonly string[] => losses.map(({ path, instead }) => `${path};${instead}`);

describe('a request that its target takes', () => {
  it('stays the same object', () => {
    const plain = request({ tools: [{ type: 'function', name: 'f', inputSchema: { type: 'object' } }] });
    for (const speaks of [CHAT, CLAUDE])
      assert.deepEqual(fitRequest(plain, { speaks, model: 'm' }), {
        request: plain,
        losses: [],
        answersByTool: false,
      });
  });
});

describe('an effort', () => {
  const said = (speaks: Speaks, model: string, reasoning: GenerationRequest['reasoning'], more = {}) =>
    fit(speaks, model, { ...(reasoning !== undefined && { reasoning }), ...more }).request.reasoning;

  it('becomes a word that the model takes', () => {
    assert.deepEqual(said(CHAT, 'gpt-5', { effort: 'xhigh' }), { effort: 'high' });
    assert.deepEqual(said(CHAT, 'o3', { mode: 'enabled', budgetTokens: 4000 }), { effort: 'medium' });
    assert.deepEqual(said(CHAT, 'unheard-of', { effort: 'xhigh' }), { effort: 'xhigh' });
    assert.equal(said(CHAT, 'unheard-of', { mode: 'disabled' }), undefined);
  });

  it('becomes a level or a budget for Gemini, shown where thinking was switched on', () => {
    assert.deepEqual(said(GEMINI, 'gemini-3-pro', { effort: 'medium' }), { effort: 'low' });
    const shown = said(GEMINI, 'gemini-3-pro', { mode: 'enabled', budgetTokens: 30_000 });
    assert.deepEqual(shown, { effort: 'high', mode: 'enabled' });
    const budget = said(GEMINI, 'gemini-2.5-pro', { effort: 'low' });
    assert.deepEqual(budget, { mode: 'enabled', budgetTokens: 1024 });
    assert.deepEqual(said(GEMINI, 'gemini-2.5-pro', { mode: 'disabled' }), { mode: 'enabled', budgetTokens: 512 });
  });

  it('is adaptive for Claude that decides by itself, and a budget that leaves room for the answer elsewhere', () => {
    assert.deepEqual(said(CLAUDE, 'claude-opus-5', { effort: 'high' }), { mode: 'adaptive', effort: 'high' });
    assert.deepEqual(said(CLAUDE, 'claude-opus-5', { effort: 'none' }), { mode: 'disabled' });
    const bounded = said(CLAUDE, 'claude-sonnet-4', { effort: 'high' }, { maxOutputTokens: 5000 });
    assert.deepEqual(bounded, { mode: 'enabled', budgetTokens: 4000 });
    const { request: free } = fit(CLAUDE, 'claude-sonnet-4', { reasoning: { effort: 'medium' } });
    assert.deepEqual([free.reasoning?.budgetTokens, free.maxOutputTokens], [8192, 16_384]);
  });

  it('gives way to forced tools, and to tools that Chat Completions refuses beside it', () => {
    const tools = [{ type: 'function', name: 'f' } as const];
    const reasoning = { effort: 'high' };
    const forced = fit(CLAUDE, 'claude-sonnet-4', { tools, reasoning, toolChoice: { type: 'required' } });
    assert.equal(forced.request.reasoning, undefined);
    assert.ok(told(forced).includes('reasoning;dropped'));
    assert.equal(fit(CHAT, 'gpt-5.2', { tools, reasoning }).request.reasoning, undefined);
    assert.deepEqual(fit(CHAT, 'gpt-5.6', { tools }).request.reasoning, { effort: 'none' });
    const always = fit(CLAUDE, 'claude-opus-5-5', { tools, toolChoice: { type: 'tool', name: 'f' } });
    assert.deepEqual(always.request.toolChoice, { type: 'auto' });
    assert.deepEqual(told(always), ['toolChoice;approximated']);
  });
});

describe('settings that a family refuses', () => {
  it('go, and those that ask for nothing go without a word', () => {
    const fitted = fit(CLAUDE, 'claude-opus-5', { temperature: 0.2, topP: 1 });
    assert.deepEqual([fitted.request.temperature, fitted.request.topP], [undefined, undefined]);
    assert.deepEqual(told(fitted), ['temperature;dropped']);
  });

  it('stay while a model does not think that refuses them only then', () => {
    assert.equal(fit(CLAUDE, 'claude-sonnet-4', { temperature: 0.2 }).request.temperature, 0.2);
    const thinking = fit(CLAUDE, 'claude-sonnet-4', { temperature: 0.2, reasoning: { effort: 'low' } });
    assert.equal(thinking.request.temperature, undefined);
  });
});

describe('schemas of tools', () => {
  const schema = { anyOf: [{ $ref: '#/$defs/a' }], $defs: { a: { type: 'object', properties: { x: {} } } } };

  it('are objects without alternatives for everyone, and without references where these are not followed', () => {
    for (const speaks of [CHAT, CLAUDE, GEMINI]) {
      const tools = [{ type: 'function', name: 'f', inputSchema: schema } as const];
      const [tool] = fit(speaks, 'm', { tools }).request.tools ?? [];
      assert.deepEqual(tool?.type === 'function' && tool.inputSchema, { type: 'object', properties: { x: {} } });
    }
    const inner = { type: 'object', properties: { x: { $ref: '#/$defs/a' } }, $defs: schema.$defs };
    const tools = [{ type: 'function', name: 'f', inputSchema: inner } as const];
    assert.equal(fit(CHAT, 'gpt-4o', { tools }).request.tools?.[0], tools[0]);
    assert.notEqual(fit(CHAT, 'qwen3-32b', { tools }).request.tools?.[0], tools[0]);
  });
});

describe('the shape of an answer', () => {
  const outputFormat = { type: 'json-schema', name: 'n', strict: true, schema: { type: 'object' } } as const;

  it('is an instruction where a server knows JSON and no schemas, in front of the conversation', () => {
    const fitted = fit({ ...CHAT, dialect: { jsonSchema: false } }, 'deepseek-v4', { outputFormat });
    assert.deepEqual(fitted.request.outputFormat, { type: 'json' });
    assert.deepEqual(
      fitted.request.messages.map(({ role }) => role),
      ['system', 'user'],
    );
    assert.deepEqual(told(fitted), ['outputFormat;approximated']);
  });

  it('is no answer where the caller forces a call, and an instruction where it is no object', () => {
    const tools = [{ type: 'function', name: 'f' } as const];
    const forced = fit(CLAUDE, 'claude-sonnet-4', { outputFormat, tools, toolChoice: { type: 'required' } });
    assert.deepEqual([forced.answersByTool, told(forced)], [false, ['outputFormat;dropped']]);
    const list = { ...outputFormat, schema: { type: 'array', items: { type: 'string' } } };
    const { request: made, answersByTool } = fit(CLAUDE, 'claude-sonnet-4', { outputFormat: list });
    assert.deepEqual([answersByTool, made.messages[0]?.role], [false, 'system']);
  });

  it('is a tool for older Gemini only beside functions', () => {
    const tools = [{ type: 'function', name: 'f' } as const];
    assert.equal(fit(GEMINI, 'gemini-2.5-flash', { outputFormat, tools }).answersByTool, true);
    assert.equal(fit(GEMINI, 'gemini-2.5-flash', { outputFormat }).answersByTool, false);
    assert.equal(fit(GEMINI, 'gemini-3-pro', { outputFormat, tools }).answersByTool, false);
  });
});
