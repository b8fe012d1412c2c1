/** Text as it is, line by line. */
export const PlainText = ({ text }: { readonly text: string }) => (
  <p dir="auto" className="text-base break-words whitespace-pre-wrap">
    {text}
  </p>
);
