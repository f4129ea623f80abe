import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { useCategories } from "@/lib/ledger/categories";
import { useFormats } from "@/lib/ledger/ledger";
import { findByName } from "@/lib/text/fold";
import { Button } from "@/ui/button";
import { ComboField } from "@/ui/combo-field";
import { DateField } from "@/ui/date-field";
import { Icon } from "@/ui/icon";
import { TextField } from "@/ui/text-field";
import { type ExpenseFilter, isRangeReversed } from "../api/expense-queries";
import styles from "./expense-filters.module.css";

export interface ExpenseFiltersProps {
  filter: ExpenseFilter;
  onFilter(filter: ExpenseFilter): void;
}

/** The filters of the list. Their values are in the URL. */
export function ExpenseFilters({ filter, onFilter }: ExpenseFiltersProps) {
  const { t } = useLingui();
  const isSet = Object.values(filter).some(Boolean);
  const set = (part: ExpenseFilter): void => onFilter({ ...filter, ...part });
  return (
    <search className={styles.filters}>
      <SearchField value={filter.q ?? ""} onChange={(q) => set({ q: q || undefined })} />
      <CategoryField value={filter.category} onChange={(category) => set({ category })} />
      <DateField
        name="from"
        label={t`From`}
        value={filter.from ?? ""}
        onChange={(day) => set({ from: day || undefined })}
      />
      <DateField
        name="to"
        label={t`To`}
        value={filter.to ?? ""}
        onChange={(day) => set({ to: day || undefined })}
        error={isRangeReversed(filter) ? t`This is before the first day.` : undefined}
      />
      <Button variant="plain" isDisabled={!isSet} className={styles.clear} onPress={() => onFilter({})}>
        <Trans>Clear</Trans>
      </Button>
      <FilterChips filter={filter} onFilter={onFilter} />
    </search>
  );
}

/** Filters that a link has set and that have no field. */
function FilterChips({ filter, onFilter }: ExpenseFiltersProps) {
  const { t } = useLingui();
  const { weekday } = useFormats();
  const names = { merchant: t`Merchant`, currency: t`Currency`, tag: t`Tag`, weekday: t`Weekday`, ids: t`Only these` };
  const set = (["merchant", "currency", "tag", "weekday", "ids"] as const).filter((key) => filter[key]);
  const shown = { ...filter, weekday: filter.weekday && weekday(filter.weekday), ids: filter.ids?.split(",").length };
  if (set.length === 0) return null;
  return (
    <ul className={styles.chips}>
      {set.map((key) => (
        <li key={key} className={styles.chip}>
          <span dir="auto">
            {names[key]}: {shown[key]}
          </span>
          <Button
            variant="icon"
            aria-label={t`Remove the filter ${names[key]}`}
            onPress={() => onFilter({ ...filter, [key]: undefined })}
          >
            <Icon name="close" size={16} />
          </Button>
        </li>
      ))}
    </ul>
  );
}

const DEBOUNCE_MS = 250;
/** The server's limit. */
const MAX_SEARCH_LENGTH = 200;

/** Searches when the user pauses typing. */
function SearchField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  if (value !== applied) {
    setApplied(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed.trim() !== applied) latest.current(typed.trim());
    }, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [typed, applied]);
  return (
    <TextField
      name="q"
      label={t`Search`}
      type="search"
      inputMode="search"
      maxLength={MAX_SEARCH_LENGTH}
      autoComplete="off"
      value={typed}
      onChange={setTyped}
      className={styles.wide}
    />
  );
}

function CategoryField({ value, onChange }: { value: string | undefined; onChange(id: string | undefined): void }) {
  const { t } = useLingui();
  const categories = useCategories();
  const chosen = categories.find((category) => category.id === value)?.name ?? value ?? "";
  const [typed, setTyped] = useState(chosen);
  const [applied, setApplied] = useState(chosen);
  if (chosen !== applied) {
    setApplied(chosen);
    setTyped(chosen);
  }
  return (
    <ComboField
      name="category"
      className={styles.wide}
      label={t`Category`}
      choices={categories.map(({ id, name }) => ({ id, label: name }))}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        const id = findByName(categories, ({ name }) => name, text)?.id;
        if ((id || text === "") && id !== value) onChange(id);
      }}
      onBlur={() => setTyped(chosen)}
    />
  );
}
