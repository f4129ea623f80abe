import { useLingui } from "@lingui/react/macro";
import { type FocusEvent, useRef } from "react";
import { act, dismiss, hold, useNotices } from "@/lib/notices";
import { Button } from "./button";
import { Icon } from "./icon";
import styles from "./notices.module.css";
import { useNoticeKeys } from "./use-notice-keys";

/** Short words at the foot of the page, read aloud when the reader pauses. F6 goes to them, and back. */
export function Notices() {
  const { t } = useLingui();
  const notices = useNotices();
  const region = useRef<HTMLDivElement>(null);
  const back = useNoticeKeys(region);
  const close = (how: () => void): void => {
    back();
    how();
  };
  const left = (event: FocusEvent): void => {
    if (!region.current?.contains(event.relatedTarget)) hold(false);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- nothing is pressed here: they only stay
    <section
      ref={region}
      aria-label={t`Notices`}
      // reachable while a dialog is open
      data-react-aria-top-layer
      className={styles.region}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={left}
    >
      <div role="status" aria-live="polite" aria-atomic="false" className={styles.notices}>
        {notices.map((notice) => (
          <div key={notice.id} className={styles.notice}>
            <span className={styles.said}>{notice.text}</span>
            {notice.action ? (
              <Button look="plain" className={styles.action} onPress={() => close(() => act(notice))}>
                {notice.action.label}
              </Button>
            ) : null}
            <Button look="icon" className={styles.close} aria-label={t`Dismiss`} onPress={() => close(() => dismiss(notice.id))}>
              <Icon name="close" size={16} />
            </Button>
          </div>
        ))}
      </div>
    </section>
  );
}
