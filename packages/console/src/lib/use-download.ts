import { addressOf, ApiError, type Place } from '@patchbay/contract/client';
import { OPERATIONS, type OperationId } from '@patchbay/contract/operations';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';

import { useSession } from './use-session.ts';

/**
 * Has an operation make a file of its body, if it takes one, and gives it to the browser under the name that the gateway
 * gave it. What it resolves to is that name. Fails with `ApiError` as the client does. `place`: what stands in its address.
 */
export function useDownload(id: OperationId, place: Place = {}): UseMutationResult<string, Error, object | undefined> {
  const { csrfToken } = useSession();
  return useMutation({
    mutationFn: async (body: object | undefined) => {
      const response = await globalThis.fetch(addressOf(id, place), {
        method: OPERATIONS[id].method,
        headers: {
          ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => undefined));
      const name = nameIn(response.headers.get('content-disposition')) ?? id;
      saveFile(await response.blob(), name);
      return name;
    },
  });
}

/** Gives the browser a file to keep. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has its own hold on the content by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

const nameIn = (disposition: string | null): string | undefined => /filename="([^"]+)"/.exec(disposition ?? '')?.[1];
