"""The SDTM subset of the registry: eleven domains and their supplemental qualifiers."""

from registry.formats.cdisc.sdtm import ce, cm, dd, dm, ds, mh, pr, qs, rs, tr, tu
from registry.formats.cdisc.variable import DataSet

DATA_SETS: tuple[DataSet, ...] = (
    dm.DATA_SET,
    cm.DATA_SET,
    pr.DATA_SET,
    ds.DATA_SET,
    mh.DATA_SET,
    ce.DATA_SET,
    dd.DATA_SET,
    qs.DATA_SET,
    rs.DATA_SET,
    tu.DATA_SET,
    tr.DATA_SET,
)
