/** The mark: two sockets, and a cable across. */
export const Mark = ({ className }: { readonly className?: string }) => (
  <svg viewBox="0 0 32 32" className={className} aria-hidden>
    <rect width="32" height="32" rx="8" className="fill-accent" />
    <g className="fill-none stroke-on-accent" strokeLinecap="round">
      <path d="M9 10.5h3.5c5 0 2.5 11 7.5 11H23" strokeWidth="2.6" />
      <circle cx="23" cy="10.5" r="2" strokeOpacity=".55" strokeWidth="1.6" />
      <circle cx="9" cy="21.5" r="2" strokeOpacity=".55" strokeWidth="1.6" />
    </g>
    <circle cx="9" cy="10.5" r="2.8" className="fill-on-accent" />
    <circle cx="23" cy="21.5" r="2.8" className="fill-on-accent" />
  </svg>
);
