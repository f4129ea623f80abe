import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import styles from "./hint.module.css";

/** Text that opens an explanation when pressed: unlike a tooltip, also on phones and by keyboard. */
export function Hint({
  hint,
  className,
  children,
}: {
  hint: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <DialogTrigger>
      <Button className={clsx(styles.words, className)}>{children}</Button>
      <Popover placement="bottom start" className={styles.popover ?? ""}>
        <Dialog aria-label={hint} className={styles.dialog ?? ""}>
          <p>{hint}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
