import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { OTHER_TINT } from "@/lib/ledger/categories";
import { useFormats } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import type { CategoryTotal, Summary } from "../api/summary";
import { MAX_LAYERS } from "../cumulative";
import styles from "./category-table.module.css";

export interface CategoryTableProps {
  summary: Summary | undefined;
  tints: ReadonlyMap<string, string>;
  /** Called with the hovered or focused category, to highlight it in the chart. */
  onHighlight(categoryId: string | null): void;
  /** Links to the month's payments of a category, in the currency of its total. */
  linkTo(categoryId: string, currency: string, children: ReactNode): ReactNode;
}

/** Each category's total and share of the month. */
export function CategoryTable({ summary, tints, onHighlight, linkTo }: CategoryTableProps) {
  const { t } = useLingui();
  const [showAll, setShowAll] = useState(false);
  if (!summary) return <Skeleton height="14rem" />;
  const shown = showAll ? summary.categories : summary.categories.slice(0, MAX_LAYERS);
  const hidden = summary.categories.length - shown.length;
  // Shares would exceed 100 %. If nothing was spent at all, they would be meaningless.
  const lacksShares = Number(summary.total) > 0 && summary.categories.some((row) => row.share === null);
  return (
    <div>
      <table className={styles.table}>
        <caption className="visually-hidden">{t`Spending by category`}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t`Category`}</th>
            <th scope="col">{t`Share`}</th>
            <th scope="col">{t`Total`}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <CategoryRow
              key={row.category_id}
              row={row}
              tint={(index < MAX_LAYERS && tints.get(row.category_id)) || OTHER_TINT}
              currency={summary.currency}
              onHighlight={onHighlight}
              linkTo={linkTo}
            />
          ))}
        </tbody>
      </table>
      {lacksShares ? (
        <p className={styles.note}>
          <Trans>No shares here: in one category, more came back than was spent.</Trans>
        </p>
      ) : null}
      {hidden > 0 ? (
        <Button variant="plain" onPress={() => setShowAll(true)}>
          <Trans>{hidden} more</Trans>
        </Button>
      ) : null}
    </div>
  );
}

interface CategoryRowProps extends Pick<CategoryTableProps, "onHighlight" | "linkTo"> {
  row: CategoryTotal;
  tint: string;
  currency: string;
}

function CategoryRow({ row, tint, currency, onHighlight, linkTo }: CategoryRowProps) {
  const { money, share } = useFormats();
  const width = `${Math.min(Math.max(Number(row.share ?? 0), 0), 1) * 100}%`;
  return (
    <tr
      className={styles.row}
      onMouseEnter={() => onHighlight(row.category_id)}
      onMouseLeave={() => onHighlight(null)}
      onFocus={() => onHighlight(row.category_id)}
      onBlur={() => onHighlight(null)}
    >
      <th scope="row" className={styles.name}>
        <span className={styles.open}>
          <span className={styles.swatch} style={{ background: tint }} />
          {linkTo(row.category_id, currency, row.category)}
        </span>
        {row.share === null ? null : (
          <span aria-hidden="true" className={styles.bar} style={{ inlineSize: width, background: tint }} />
        )}
      </th>
      <td className={styles.share}>{row.share === null ? "" : share(row.share)}</td>
      <td className={styles.total}>{money(row.total, currency)}</td>
    </tr>
  );
}
