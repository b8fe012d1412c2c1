import { CodeBlock } from '../../components/ui/code.tsx';
import { Prose } from '../../components/ui/prose.tsx';

/** A command has no capital and no code within: it is whole, to be copied. */
const COMMAND = /^[a-z][^`]*$/;

/** What to do about a finding: a command, or a sentence that may name some. */
export const Remedy = ({ text }: { readonly text: string }) =>
  COMMAND.test(text) ? (
    <CodeBlock text={text} label="What to do" wraps />
  ) : (
    <p className="max-w-prose wrap-anywhere">
      <Prose text={text} />
    </p>
  );
