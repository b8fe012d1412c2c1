import type { FastifyReply, FastifyRequest } from 'fastify';

/** Writes JSON, with its charset said. */
export const sendJson = (reply: FastifyReply, status: number, value: unknown): FastifyReply =>
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(value));

const PATH_CHARACTERS_MAX = 500;

/** Without the query, which may hold secrets. */
export const pathOf = ({ url }: FastifyRequest): string => (url.split('?')[0] ?? '').slice(0, PATH_CHARACTERS_MAX);
