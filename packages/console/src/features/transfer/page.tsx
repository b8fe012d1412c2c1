import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { Tabs } from '../../components/ui/tabs.tsx';
import { useAddress } from '../../lib/use-address.ts';
import { useMay } from '../../lib/use-session.ts';
import { Backups } from './backups.tsx';
import { ExportForm } from './export-form.tsx';
import { ImportForm } from './import-form.tsx';

/** How the configuration leaves, comes in and is kept: providers, models and templates as one document. */
export function Page() {
  const [{ tab = 'export' }, setAddress] = useAddress();
  const mayImport = useMay('configuration:import');
  const tabs = [
    { value: 'export', label: 'Export', content: <ExportForm /> },
    ...(mayImport ? [{ value: 'import', label: 'Import', content: <ImportForm /> }] : []),
    { value: 'backups', label: 'Backups', content: <Backups /> },
  ];
  return (
    <Frame>
      <PageHeader
        title="Import and export"
        description="Providers, models and templates as one document: to take elsewhere, to bring in, to keep."
      />
      <Tabs
        label="What to do"
        value={tabs.some(({ value }) => value === tab) ? tab : 'export'}
        onChange={(value) => setAddress({ tab: value })}
        tabs={tabs}
      />
    </Frame>
  );
}
