import { useOperation } from '../../lib/use-api.ts';
import { nameOf } from './words.ts';

const NAMED_MAX = 1000;

/** What proxies are called, by their number; one that has gone goes by it. */
export function useProxyNames(): (id: number | null) => string {
  const { data } = useOperation('proxies.list', { query: { limit: NAMED_MAX } });
  return (id) => {
    if (id === null) return 'none';
    const found = data?.data.find((each) => each.id === id);
    return found === undefined ? `proxy ${id}, gone` : nameOf(found);
  };
}
