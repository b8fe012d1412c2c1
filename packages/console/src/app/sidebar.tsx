import { Link } from '@tanstack/react-router';
import { ArrowUpRight, Search } from 'lucide-react';

import { Kbd, modKey } from '../components/ui/kbd.tsx';
import { useSession } from '../lib/use-session.ts';
import { Mark } from './brand.tsx';
import type { Overlay } from './frame.tsx';
import { SECTIONS, visible, type Section } from './sections.ts';
import { UserCorner } from './user-corner.tsx';

/** Where one can go, what one may look for, and who one is. */
export function Sidebar({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  const { permissions } = useSession();
  const groups = SECTIONS.map((group) => ({ ...group, sections: visible(group.sections, permissions) }));
  return (
    <div className="flex h-full min-h-0 w-full flex-col">
      <div className="flex items-center gap-2.5 px-4 pt-4 pb-3">
        <Mark className="size-6" />
        <span className="text-base font-semibold tracking-tight">Patchbay</span>
      </div>
      <div className="px-3 pb-2">
        <button
          type="button"
          onClick={() => onOverlay('palette')}
          className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-ink-3 shadow-rest hover:border-line-strong hover:text-ink-2"
        >
          <Search className="size-4" aria-hidden />
          <span className="flex-1 text-left">Go to…</span>
          <span className="flex gap-0.5" aria-hidden>
            <Kbd>{modKey()}</Kbd>
            <Kbd>K</Kbd>
          </span>
        </button>
      </div>
      <nav aria-label="Sections" className="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
        {groups
          .filter(({ sections }) => sections.length > 0)
          .map(({ label, sections }) => (
            <div key={label} className="pt-3 lg:pt-2.5">
              <h2 className="px-2 pb-1 text-2xs font-medium text-ink-3">{label}</h2>
              <ul className="grid gap-px">
                {sections.map((section) => (
                  <li key={section.path}>
                    <Entry section={section} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
      </nav>
      <UserCorner onOverlay={onOverlay} />
    </div>
  );
}

const ENTRY =
  'group flex h-9 items-center lg:h-7 gap-2.5 rounded-md px-2 text-ink-2 transition-colors hover:bg-hover hover:text-ink [&_svg]:size-4 [&_svg]:shrink-0';

function Entry({ section: { path, label, icon: Icon, isOutside } }: { readonly section: Section }) {
  if (isOutside === true)
    return (
      <a href={path} className={ENTRY}>
        <Icon aria-hidden />
        <span className="flex-1">{label}</span>
        <ArrowUpRight className="text-ink-3" aria-hidden />
      </a>
    );
  return (
    <Link
      to={path}
      activeOptions={{ exact: path === '/', includeSearch: false }}
      className={ENTRY}
      activeProps={{ className: 'bg-hover font-medium text-ink [&_svg]:text-accent' }}
    >
      <Icon aria-hidden />
      <span className="flex-1">{label}</span>
    </Link>
  );
}
