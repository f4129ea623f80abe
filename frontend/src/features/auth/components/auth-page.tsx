import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { ThemeToggle } from "@/ui/theme-toggle";
import { Wordmark } from "@/ui/wordmark";
import styles from "./auth-page.module.css";

/** The layout of the sign-in and sign-up pages. */
export function AuthPage({ title, children, footer }: { title: string; children: ReactNode; footer: ReactNode }) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Wordmark />
        <ThemeToggle />
      </header>
      <main className={styles.main}>
        <section className={styles.promise}>
          <p className={styles.motto}>
            <Trans>See where the money goes.</Trans>
          </p>
          <p className={styles.more}>
            <Trans>
              Write down what you spend. Outlay keeps the book, adds it up, and tells you what is worth knowing.
            </Trans>
          </p>
        </section>
        <section className={styles.card}>
          <h1 className={styles.title}>{title}</h1>
          {children}
          <p className={styles.other}>{footer}</p>
        </section>
      </main>
    </div>
  );
}
