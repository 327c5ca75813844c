"""Family names that stand first: of the peoples of Vietnam, and Chinese ones in pinyin.

They decide one thing only: whether a comma parts a family name that is already in its place (``Nguyễn, Du``).
"""

FAMILIES = frozenset(
    "an âu bạch bành bế bùi ca cà cao cầm chảo châu chu chử cung cù cư dư dương đàm đào đặng đậu đèo đinh đoàn đỗ đồng "  # noqa: SIM905
    "đổng giang giàng giáp hà hạ hàn hầu hoa hoà hoàng hồ hồng hứa huỳnh kha khổng khúc khương kiều kim la lã lại lâm "
    "lầu lăng lê lều liễu lò lô lộ lỗ lù lục lương lường lưu lý ma mã mạc mai mạnh mẫn mông mùa nghiêm ngô ngọc nguyễn "
    "ngụy nguỵ nhan nhữ ninh nông ong ông phạm phan phàn phí phó phù phùng phương quách quan quàng quảng sầm sùng tạ "
    "tăng tần tẩn tào tất thạch thái thân thào thẩm thi thiều tiêu tiết tô tôn tông tống trang trần triệu trịnh trương "
    "từ ty ung ứng uông văn vàng vi viên võ vũ vương vừ xa xuân ý yên".split()
)
PINYIN_FAMILIES = frozenset(
    "bai cai cao chen cheng cui deng ding dong du duan er fan fang feng fu gao gu guan guo han hao he hou hu huang jia "  # noqa: SIM905
    "jiang jin kong lai lei li liang liao lin liu lu luo lü ma mai mao meng mo pan peng qian qin qiu ren shao shen shi "
    "su sun tan tang tao tian wan wang wei wu xia xiang xiao xie xiong xu xue yan yang yao ye yin yu yuan zeng zhang "
    "zhao zheng zhong zhou zhu zhuang zou".split()
)
