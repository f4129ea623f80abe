// Generated from contracts/currencies.csv by `make client`: change it there.

/** Currencies by the number of their decimals, where these are not 2. */
export const UNUSUAL_DECIMALS: Readonly<Record<number, string>> = {
  0:
    "ADP BEF BIF BYB BYR CLP DJF ESP GNF GRD ISK ITL JPY KMF KRW LUF MGF PTE PYG RWF TPE TRL UGX UYI VND VUV XAF XOF " +
    "XPF",
  3:
    "BHD IQD JOD KWD LYD OMR TND",
  4:
    "CLF UYW",
};

/** Currencies of the past: good for old payments, and no choice for a new ledger. */
export const WITHDRAWN =
    "ADP AFA ANG AOK AON AOR ARA ATS AZM BAD BEF BGL BGN BRE BRN BRR BYB BYR CSD CSK CUC CYP DDM DEM ECS EEK ESP FIM " +
    "FRF GEK GHC GRD GWP HRD HRK IEP ITL LTL LTT LUF LVL LVR MGF MRO MTL MXP MZM NIC NLG PEI PLZ PTE ROL RUR SDD SDP " +
    "SIT SKK SLL SRG STD SUR TJR TMM TPE TRL UAK UYP VEB VEF YDD YUM YUN ZMK ZRN ZRZ ZWD ZWL ZWN ZWR";
