/** A sentence of somebody's, in which what stands between backticks is code. */
export const Prose = ({ text }: { readonly text: string }) => (
  <bdi>
    {text.split(/`([^`]+)`/).map((part, at) =>
      at % 2 === 0 ? (
        part
      ) : (
        <code key={at} className="rounded-sm bg-hover px-1 font-mono text-[0.92em]">
          {part}
        </code>
      ),
    )}
  </bdi>
);
